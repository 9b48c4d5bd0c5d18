/** Decisions that were acknowledged and are gone: from the authority itself, or from what it owed to D1. */

import type { Decided } from "./calendar-model.ts";
import { finding } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { History } from "./history.ts";
import type { Versions } from "./versions.ts";
import { short } from "./words.ts";

/** Acknowledged decisions that are not what the authority says in the end, or before it. */
export function lostByAuthority({ closing }: History, versions: Versions): Finding[] {
  const found: Finding[] = [];
  const lastReads = new Map(
    closing.flatMap((read) => (read.ask.kind === "read" ? [[read.ask.uid, read]] : [])),
  );
  for (const [uid, ofUid] of versions) {
    const last = lastReads.get(uid);
    const final = last?.answer.kind === "booking" ? last.answer.booking : undefined;
    const [newest] = [...ofUid.values()].toReversed();
    if (newest === undefined) continue;
    if (final === undefined) {
      found.push(
        finding("lost", `${short(uid)} was acknowledged and is not there in the end.`, [
          newest.shownBy[0],
          last,
        ]),
      );
    } else if (newest.booked.sequence > final.sequence) {
      const says = `${short(uid)} had come to sequence ${newest.booked.sequence} and ends with ${final.sequence}.`;
      found.push(finding("lost", says, [newest.shownBy[0], last]));
    }
  }
  return found;
}

/** Rows of D1 that do not say what the authority does in the end. */
export function lostOnTheWayToD1({ rows, closing }: History): Finding[] {
  const byUid = new Map(rows.bookings.map((row) => [row.uid, row]));
  const found: Finding[] = [];
  for (const operation of closing) {
    if (operation.answer.kind !== "booking") continue;
    const { uid, sequence, status, start, end } = operation.answer.booking;
    const row = byUid.get(uid);
    byUid.delete(uid);
    const isSame =
      row?.sequence === sequence &&
      row.status === status &&
      row.start === Date.parse(start) &&
      row.end === Date.parse(end);
    if (isSame) continue;
    const says = row === undefined ? "D1 has no row of it" : `D1 has ${row.sequence} ${row.status}`;
    found.push(finding("lost", `${short(uid)}: ${says}.`, [operation]));
  }
  for (const { uid, sequence, status } of byUid.values()) {
    found.push(finding("lost", `D1 has ${short(uid)} ${sequence} ${status}, which nobody was told of.`));
  }
  return found;
}

/** Words that somebody was owed and did not get, or got more than once. @param decided all decisions, in an order that explains the history */
export function wordsNotKept({ rows, host }: History, decided: readonly Decided[]): Finding[] {
  const owed = new Map<string, number>();
  for (const decision of decided) {
    const name = wordOf(decision, host);
    owed.set(name, (owed.get(name) ?? 0) + 1);
  }
  for (const { uid, kind, recipient } of rows.notifications) {
    const name = `${kind} of ${short(uid)} to ${recipient}`;
    owed.set(name, (owed.get(name) ?? 0) - 1);
  }
  return [...owed].flatMap(([name, missing]) => {
    if (missing === 0) return [];
    const says = missing > 0 ? `D1 lacks ${missing}` : `D1 has ${-missing} too many`;
    return [finding("lost", `${says}: ${name}.`)];
  });
}

function wordOf({ booked, actor, ask }: Decided, host: string): string {
  const event = ask === "book" ? (booked.status === "pending" ? "requested" : "confirmed") : EVENTS[ask];
  return `booking.${event} of ${short(booked.uid)} to ${actor === host ? booked.booker : host}`;
}

const EVENTS = {
  confirm: "confirmed",
  decline: "declined",
  cancel: "cancelled",
  reschedule: "rescheduled",
  read: "read",
} as const;
