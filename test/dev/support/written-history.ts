/** A host's history as an honest broker exports it, written from the format alone, for tests to tamper with. */

import { hash } from "node:crypto";
import * as fc from "fast-check";

export interface Row {
  entry: string;
  hash: string;
}

export interface Export {
  exportedAt: string;
  account: { did: string; handle: string };
  bookings: { asHost: Record<string, unknown>[] };
  decisions: { logSeqBefore: number; bookings: string[]; log: Row[] };
}

/** Makes a booking, or changes the one of that index (modulo how many there are). */
export type Step = "make" | { readonly change: number };

const HOUR_MS = 3_600_000;

/** The item at an index, from the beginning again beyond the end. */
export function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("there is none");
  return item;
}

/** Histories of up to twenty decisions, one at least. */
export const anySteps: fc.Arbitrary<Step[]> = fc
  .array(fc.oneof(fc.constant("make" as const), fc.record({ change: fc.nat(9) })), { maxLength: 19 })
  .map((steps): Step[] => ["make", ...steps]);

export function writtenHistory(steps: readonly Step[]): Export {
  const bookings: Record<string, unknown>[] = [];
  const entries: Record<string, unknown>[] = [];
  for (const [index, step] of steps.entries()) {
    const place = step === "make" ? bookings.length : step.change % bookings.length;
    const before = bookings[place] ?? { sequence: -1, note: "Grüße \u{1f469}" };
    const start = 1_800_000_000_000 + index * HOUR_MS;
    bookings[place] = {
      uid: `uid-${place}`,
      ...before,
      sequence: Number(before["sequence"]) + 1,
      status: step === "make" ? "pending" : "confirmed",
      start,
      end: start + HOUR_MS,
    };
    entries.push(entryOf(index + 1, bookings[place]));
  }
  return {
    exportedAt: new Date(1_800_000_000_000).toISOString(),
    account: { did: "did:plc:host", handle: "host.test" },
    bookings: {
      asHost: bookings.map((booking) => ({
        ...booking,
        start: new Date(Number(booking["start"])).toISOString(),
        end: new Date(Number(booking["end"])).toISOString(),
      })),
    },
    decisions: {
      logSeqBefore: entries.length,
      bookings: bookings.map((booking) => JSON.stringify(booking)),
      log: chained(entries.map((entry) => JSON.stringify(entry))),
    },
  };
}

/** The rows of these entries, with the hashes that belong to them. */
export function chained(entries: readonly string[]): Row[] {
  let before = "".padEnd(64, "0");
  return entries.map((entry) => {
    before = hash("sha256", before + "\n" + entry);
    return { entry, hash: before };
  });
}

function entryOf(seq: number, booking: Record<string, unknown>): Record<string, unknown> {
  const { uid, sequence, status, start, end } = booking;
  const event = sequence === 0 ? "requested" : "confirmed";
  const content = hash("sha256", JSON.stringify(booking));
  return { seq, at: seq * 1_000, event, by: "did:plc:host", uid, sequence, status, start, end, content };
}
