/** Bookings that took the same time at the same time, and days, weeks and bookers with more of them than may be. */

import { MOST_PENDING } from "./calendar-model.ts";
import { finding } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { collide, dayOf, weekOf } from "./slot-rules.ts";
import { DAY } from "./offers.ts";
import type { Span } from "./timelines.ts";
import { instant, toldBooking } from "./words.ts";

/** No meeting and no buffer is longer. */
const REACH = DAY / 4;

/** Two bookings at once whose padded times touch. */
export function overlapsIn(spans: readonly Span[]): Finding[] {
  const found: Finding[] = [];
  const sorted = spans.toSorted((one, other) => one.start - other.start);
  for (const [index, one] of sorted.entries()) {
    for (let after = index + 1; after < sorted.length; after += 1) {
      const other = sorted[after];
      if (other === undefined || other.start >= one.end + REACH) break;
      const from = Math.max(one.from, other.from);
      const isAtOnce = from < Math.min(one.to, other.to);
      if (!isAtOnce || one.booked.uid === other.booked.uid || !collide(one, other)) continue;
      const says = `From ${instant(from)} on these two took the same time: ${toldBooking(one.booked)}; ${toldBooking(other.booked)}.`;
      found.push(finding("overlap", says, [one.shownBy, other.shownBy]));
    }
  }
  return found;
}

/** More bookings of an offer on a day or in a week than it takes. */
export function overrunsIn(spans: readonly Span[]): Finding[] {
  const days = grouped(spans, ({ offer, start }) =>
    offer.maxPerDay === undefined ? undefined : `${offer.maxPerDay} ${offer.rkey} on day ${dayOf(start)}`,
  );
  const weeks = grouped(spans, ({ offer, start }) =>
    offer.maxPerWeek === undefined ? undefined : `${offer.maxPerWeek} ${offer.rkey} in week ${weekOf(start)}`,
  );
  return [...days, ...weeks].flatMap(([name, group]) => {
    const most = Number.parseInt(name, 10);
    const crowd = crowdIn(group, most);
    return crowd === undefined
      ? []
      : [
          finding(
            "limit",
            `There were ${crowd.length} where there may be ${name}.`,
            crowd.map(({ shownBy }) => shownBy),
          ),
        ];
  });
}

/** More requests of one booker that waited than may. */
export function crowdsOfPending(spans: readonly Span[]): Finding[] {
  const waiting = spans.filter(({ booked }) => booked.status === "pending");
  return grouped(waiting, ({ booked }) => booked.booker).flatMap(([booker, group]) => {
    const crowd = crowdIn(group, MOST_PENDING);
    const says = `${booker} had ${crowd?.length} requests waiting, of ${MOST_PENDING} at most.`;
    return crowd === undefined
      ? []
      : [
          finding(
            "contradiction",
            says,
            crowd.map(({ shownBy }) => shownBy),
          ),
        ];
  });
}

/** The first spans that were there at once and are more than there may be. */
function crowdIn(spans: readonly Span[], most: number): Span[] | undefined {
  return spans
    .map(({ from }) => spans.filter((other) => other.from <= from && from < other.to))
    .find((atOnce) => atOnce.length > most);
}

function grouped(spans: readonly Span[], nameOf: (span: Span) => string | undefined): [string, Span[]][] {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const name = nameOf(span);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), span]);
  }
  return [...groups];
}
