/** The rules of slots once more, in UTC and as plainly as they can be said: what a proof shares with what it proves is not proved. */

import { DAY, MINUTE } from "./offers.ts";
import type { Offer, Opening } from "./offers.ts";

/** Time that is somebody's, and the offer whose buffers and limits it counts for. Epoch ms. */
export interface Claim {
  readonly offer: Offer;
  readonly start: number;
  readonly end: number;
}

export function claimOf(offer: Offer, start: number): Claim {
  return { offer, start, end: start + offer.minutes * MINUTE };
}

/** Whether two claims leave each other too little room: the larger of the two buffers between them is kept. */
export function collide(one: Claim, other: Claim): boolean {
  const [first, second] = one.start <= other.start ? [one, other] : [other, one];
  const apart = Math.max(first.offer.minutesAfter, second.offer.minutesBefore) * MINUTE;
  return second.start < first.end + apart;
}

/** Whether two claims share an instant, buffers apart. */
export function coincide(one: Claim, other: Claim): boolean {
  return one.start < other.end && other.start < one.end;
}

export function dayOf(at: number): number {
  return Math.floor(at / DAY);
}

/** ISO weeks begin on Mondays; 1970-01-01 was a Thursday. */
export function weekOf(at: number): number {
  return Math.floor((dayOf(at) + 3) / 7);
}

/** The first reason why nobody may have this claim beside the others, as status and error; undefined: it is free. */
export function refusalOf(
  wanted: Claim,
  others: readonly Claim[],
  opening: Opening,
  now: number,
): string | undefined {
  if (!isOpen(wanted, opening)) return "422 OutsideAvailability";
  if (wanted.start < now) return "422 TooSoon";
  if (dayOf(wanted.start) > dayOf(now) + opening.horizonDays) return "422 BeyondHorizon";
  if (others.some((other) => collide(wanted, other))) return "409 SlotTaken";
  const { rkey, maxPerDay, maxPerWeek } = wanted.offer;
  const alike = (unit: (at: number) => number): number =>
    others.filter(({ offer, start }) => offer.rkey === rkey && unit(start) === unit(wanted.start)).length;
  const isFull =
    (maxPerDay !== undefined && alike(dayOf) >= maxPerDay) ||
    (maxPerWeek !== undefined && alike(weekOf) >= maxPerWeek);
  return isFull ? "422 LimitReached" : undefined;
}

/** Every start of an offer on the days of the opening, taken or not. */
export function startsOf({ minutes, everyMinutes }: Offer, opening: Opening): number[] {
  const starts: number[] = [];
  for (let day = 0; day < opening.days; day += 1) {
    for (let at = opening.fromMinute; at + minutes <= opening.untilMinute; at += everyMinutes) {
      starts.push(opening.firstDay + day * DAY + at * MINUTE);
    }
  }
  return starts;
}

function isOpen({ offer, start }: Claim, { fromMinute, untilMinute }: Opening): boolean {
  const minute = (start - dayOf(start) * DAY) / MINUTE;
  const isInside = minute >= fromMinute && minute + offer.minutes <= untilMinute;
  return isInside && (minute - fromMinute) % offer.everyMinutes === 0;
}
