/** Which of the changes whose answers were lost must have happened: those that left a sequence number which nobody else accounts for. */

import type { History, Operation } from "./history.ts";
import type { Version, Versions } from "./versions.ts";

export interface LostDecision {
  readonly uid: string;
  readonly sequence: number;
  /** When the authority decided it, epoch ms, where something still says so. */
  readonly at?: number;
}

/** A sequence number between those that were acknowledged. */
export interface Gap extends LostDecision {
  /** What must have been asked for. */
  readonly kind: "confirm" | "decline" | "cancel";
  /** Who must have: for a cancellation only. */
  readonly by?: "host" | "booker";
}

/**
 * By operation, the decision that it may have made. Several operations may be named for one decision, where each of them would explain it:
 * which one it was is left open. Operations that are not named made none.
 */
export function lostDecisions(history: History, versions: Versions): ReadonlyMap<number, LostDecision> {
  const gaps = gapsOf(versions);
  const found = new Map<number, LostDecision>();
  for (const operation of history.operations) {
    if (operation.answer.kind !== "unknown" || !("uid" in operation.ask)) continue;
    const ofUid = gaps.get(operation.ask.uid) ?? [];
    const gap = ofUid.find((one) => explains(operation, one, history));
    if (gap) {
      const { uid, sequence, at } = gap;
      found.set(operation.id, { uid, sequence, ...(at !== undefined && { at }) });
    }
  }
  return found;
}

/** By uid, what was decided without being acknowledged to whoever asked for it. */
export function gapsOf(versions: Versions): ReadonlyMap<string, readonly Gap[]> {
  const gaps = new Map<string, Gap[]>();
  for (const [uid, ofUid] of versions) {
    const last = Math.max(...ofUid.keys());
    const open: Gap[] = [];
    for (let sequence = 0; sequence <= last; sequence += 1) {
      const version = ofUid.get(sequence);
      if (version?.shownBy.some(({ ask }) => ask.kind !== "read") !== true) {
        open.push(gapAt(uid, sequence, version, ofUid.get(sequence + 1)));
      }
    }
    if (open.length > 0) gaps.set(uid, open);
  }
  return gaps;
}

/** Nothing follows a decline or a cancellation, and moves are repeated until they are answered: what is followed was a confirmation. */
function gapAt(uid: string, sequence: number, version: Version | undefined, next: Version | undefined): Gap {
  switch (version?.booked.status) {
    case "declined":
      return { uid, sequence, kind: "decline" };
    case "cancelled": {
      const { cancelledAt, cancelledBy } = version.booked;
      return {
        uid,
        sequence,
        kind: "cancel",
        ...(cancelledAt !== undefined && { at: cancelledAt }),
        ...(cancelledBy !== undefined && { by: cancelledBy }),
      };
    }
    case "pending":
    case "confirmed":
    case "expired":
    case undefined: {
      const at = version?.booked.confirmedAt ?? next?.booked.confirmedAt;
      return { uid, sequence, kind: "confirm", ...(at !== undefined && { at }) };
    }
  }
}

function explains({ actor, ask, invokedAt, answeredAt }: Operation, gap: Gap, history: History): boolean {
  const { epoch, slack } = history.clock;
  const isInTime =
    gap.at === undefined || (epoch + invokedAt - slack <= gap.at && gap.at <= epoch + answeredAt + slack);
  const isOfSide = gap.by === undefined || (gap.by === "host") === (actor === history.host);
  return ask.kind === gap.kind && isOfSide && isInTime;
}
