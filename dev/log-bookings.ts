/** Whether the bookings of an export are what the log says of them. */

import { type BookingState, type ExportedHistory, jsonOf, stateOf } from "./exported-history.ts";
import { type Decision, sha256 } from "./log-chain.ts";

const COMPARED = ["sequence", "status", "start", "end"] as const;

/** Bookings that ended so long ago are kept in the list only. Their host's authority keeps them for ninety days, more or less one. */
const KEPT_AFTER_END_MS = 89 * 24 * 60 * 60_000;

export interface CheckedBookings {
  /** Sentences for bookings that are not what their last rows say, that have no row, and for rows whose booking is not there. */
  readonly findings: readonly string[];
  /** How many need no text in the file: long past, or made while it was written. */
  readonly others: number;
}

export function checkBookings(history: ExportedHistory, decisions: readonly Decision[]): CheckedBookings {
  const rows = Map.groupBy(decisions, ({ uid }) => uid);
  const stored = new Set<string>();
  const findings = history.bookings.flatMap((text, index) => {
    const booking = stateOf(jsonOf(text));
    if (booking === undefined) {
      return [`Stored booking ${index + 1} of the file is no booking.`];
    }
    const problem = stored.has(booking.uid)
      ? "is there twice."
      : storedProblem(booking, sha256(text), rows.get(booking.uid) ?? [], history.logSeqBefore);
    stored.add(booking.uid);
    return problem === undefined ? [] : [`Booking ${booking.uid} ${problem}`];
  });
  const absent = [...rows].filter(([uid]) => !stored.has(uid)).map(([, ofBooking]) => ofBooking);
  const listed = new Set(history.listed.map(({ uid, sequence }) => `${uid} ${sequence}`));
  const problems = absent.map((ofBooking) => absenceProblem(ofBooking, listed, history));
  return {
    findings: [
      ...findings,
      ...problems.filter((problem) => problem !== undefined),
      ...lengthProblem(history),
      ...checkListed(history, rows),
    ],
    others: problems.filter((problem) => problem === undefined).length,
  };
}

/** Of a booking with rows and no text: none is needed where it was made after the texts were read, or is over for long and listed. */
function absenceProblem(
  rows: readonly Decision[],
  listed: ReadonlySet<string>,
  { logSeqBefore, exportedAt }: ExportedHistory,
): string | undefined {
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (first === undefined || last === undefined || first.seq > logSeqBefore) {
    return undefined;
  }
  const isPast = last.end <= exportedAt - KEPT_AFTER_END_MS && listed.has(`${last.uid} ${last.sequence}`);
  return isPast
    ? undefined
    : `Booking ${first.uid} is not in the file, though row ${first.row} says that it was made.`;
}

function storedProblem(
  booking: BookingState,
  content: string,
  rows: readonly Decision[],
  logSeqBefore: number,
): string | undefined {
  const last = rows.at(-1);
  if (last === undefined) {
    return "has no row in the log: it was put there past it, or made before there was a log.";
  }
  // It was read at some moment after that row: as it was then, or as one of the later rows made it.
  const lastBefore = rows.findLast(({ seq }) => seq <= logSeqBefore);
  const possible = rows.filter((row) => row === lastBefore || row.seq > logSeqBefore);
  if (possible.some((row) => row.content === content && differences(booking, row).length === 0)) {
    return undefined;
  }
  const different = differences(booking, last);
  return different.length > 0
    ? `is not what its last row says (row ${last.row}): its ${different.join(", ")} was changed.`
    : `was changed in something of which the log keeps the hash only (row ${last.row}), such as a name or a note.`;
}

/** The list follows the log with a delay, so that any row of a booking will do. It shows as expired what no row says yet. */
function checkListed({ listed }: ExportedHistory, rows: ReadonlyMap<string, readonly Decision[]>): string[] {
  return listed.flatMap((booking) => {
    const row = rows.get(booking.uid)?.find(({ sequence }) => sequence === booking.sequence);
    if (row === undefined) {
      return [`Listed booking ${booking.uid} shows change ${booking.sequence}, of which there is no row.`];
    }
    const hasLapsed = booking.status === "expired" && row.status === "pending";
    const different = differences(hasLapsed ? { ...booking, status: "pending" } : booking, row);
    return different.length === 0
      ? []
      : [
          `Listed booking ${booking.uid} is not what row ${row.row} says: its ${different.join(", ")} was changed.`,
        ];
  });
}

function lengthProblem({ log, logSeqBefore }: ExportedHistory): string[] {
  return log.length < logSeqBefore
    ? [`The log had ${logSeqBefore} rows when the export began, and has ${log.length}: rows were removed.`]
    : [];
}

function differences(booking: BookingState, row: Decision): string[] {
  return COMPARED.filter((name) => booking[name] !== row[name]);
}
