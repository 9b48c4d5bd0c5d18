/** What a history tells of each booking: every sequence number that some answer showed, and what it said. */

import { bookedOf } from "./booked.ts";
import type { Booked } from "./booked.ts";
import type { History, Operation } from "./history.ts";

/** One sequence number of a booking. */
export interface Version {
  readonly booked: Booked;
  /** Everything the answer said of it; the same in every answer that is right. */
  readonly json: string;
  /** The operations that showed it, in the order of the history. */
  readonly shownBy: readonly Operation[];
}

/** By uid, then by sequence, ascending. The first answer that showed a version speaks for it. */
export type Versions = ReadonlyMap<string, ReadonlyMap<number, Version>>;

export function versionsOf({ operations, closing }: Pick<History, "operations" | "closing">): Versions {
  const found = new Map<string, Map<number, { booked: Booked; json: string; shownBy: Operation[] }>>();
  for (const operation of [...operations, ...closing]) {
    if (operation.answer.kind !== "booking") continue;
    const booked = bookedOf(operation.answer.booking);
    const ofUid = found.get(booked.uid) ?? new Map();
    found.set(booked.uid, ofUid);
    const version = ofUid.get(booked.sequence);
    if (version === undefined) {
      ofUid.set(booked.sequence, {
        booked,
        json: JSON.stringify(operation.answer.booking),
        shownBy: [operation],
      });
    } else version.shownBy.push(operation);
  }
  return new Map(
    [...found].map(([uid, ofUid]) => [uid, new Map([...ofUid].toSorted(([one], [other]) => one - other))]),
  );
}
