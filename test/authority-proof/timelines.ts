/** When bookings took time away from others, by what the answers say alone: never longer than is certain. */

import { blocks, decidedAt } from "./booked.ts";
import type { Booked } from "./booked.ts";
import type { Clock, History, Operation } from "./history.ts";
import type { Offer } from "./offers.ts";
import { claimOf } from "./slot-rules.ts";
import type { Claim } from "./slot-rules.ts";
import type { Version, Versions } from "./versions.ts";

/** A version of a booking that was pending or confirmed from one instant to another for certain. Epoch ms, half-open. */
export interface Span extends Claim {
  readonly booked: Booked;
  readonly from: number;
  readonly to: number;
  /** An operation that shows it. */
  readonly shownBy: Operation | undefined;
}

export function spansOf(history: History, versions: Versions): Span[] {
  const offers = new Map(history.offers.map((offer) => [offer.rkey, offer]));
  const closing = new Set(history.closing);
  return [...versions.values()].flatMap((ofUid) =>
    [...ofUid.values()].flatMap((version) => {
      const isFinal = version.shownBy.some((operation) => closing.has(operation));
      return spanOf(version, isFinal ? "is final" : ofUid.get(version.booked.sequence + 1), history, offers);
    }),
  );
}

/** @param next the version after it, where an answer showed that one */
function spanOf(
  { booked, shownBy }: Version,
  next: Version | "is final" | undefined,
  { clock }: History,
  offers: ReadonlyMap<string, Offer>,
): Span[] {
  const offer = offers.get(booked.meetingType);
  const from = decidedAt(booked);
  if (!blocks(booked) || from === undefined || offer === undefined) return [];
  const to = next === "is final" ? Infinity : endOf(shownBy, next, clock);
  return from < to ? [{ ...claimOf(offer, booked.start), booked, from, to, shownBy: shownBy[0] }] : [];
}

/** When it was over by its successor's date, or else when it was last there: when somebody began to read it, or to end it. */
function endOf(shownBy: readonly Operation[], next: Version | undefined, { epoch, slack }: Clock): number {
  const endedAt = next && decidedAt(next.booked);
  if (endedAt !== undefined) return endedAt;
  const sightings = [
    ...shownBy.filter(({ ask }) => ask.kind === "read"),
    ...(next?.shownBy ?? []).filter(({ ask }) => ask.kind !== "read"),
  ];
  return Math.max(...sightings.map(({ invokedAt }) => epoch + invokedAt - slack));
}
