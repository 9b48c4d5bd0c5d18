/** A series with its exceptions: RRULE, RDATE, EXDATE and the instances replaced by RECURRENCE-ID (RFC 5545 3.8.4.4 and 3.8.5). */

import type { Period } from "../../../scheduling/period.ts";
import type { Budget } from "./budget.ts";
import { DAY } from "../../../scheduling/time-zone.ts";
import type { Length } from "./date-values.ts";
import { inZoneOf, instantOf, periodFrom } from "./event-times.ts";
import type { Moment } from "./event-times.ts";
import { lastBefore } from "./last-before.ts";
import type { Problems } from "./problems.ts";
import { instancesOfRule } from "./recurrence-dates.ts";
import type { RecurrenceRule } from "./recurrence-rule.ts";
import type { Vevent } from "./vevent.ts";

/** Wall clocks are at most this far from UTC, and from each other. */
const ZONE_MARGIN = 2 * DAY;

/** From the instance it replaces on, all later ones move and last as it does (RANGE=THISANDFUTURE). */
interface Change {
  /** Epoch milliseconds of the instance. */
  readonly from: number;
  /** Milliseconds on the wall clock. */
  readonly shift: number;
  readonly length: Length;
  readonly busy: boolean;
}

/** Busy periods of a series that may touch `range`, without its overrides, which are events of their own. */
export function busyOfSeries(
  series: Vevent,
  overrides: readonly Vevent[],
  range: Period,
  budget: Budget,
  problems: Problems,
): Period[] {
  const { start, extraDates, rules } = series;
  const { zone } = start;
  const replaced = overrides.map((override) => inZoneOf(override.recurrenceId!, start));
  const changes = changesOf(start, overrides);
  if (!series.busy && !changes.some(({ busy }) => busy)) return [];

  const reach = reachOf(series, changes);
  const window = {
    start: zone.localOf(range.start) - reach.back - ZONE_MARGIN,
    end: zone.localOf(range.end) + reach.ahead + ZONE_MARGIN,
  };
  const isExcluded = exclusion(start, [...series.excluded, ...replaced], window);
  const busy: Period[] = [];
  const add = (local: number, own: Length | undefined): void => {
    if (local < window.start || local >= window.end || isExcluded(local)) return;
    const change =
      changes.length === 0 ? undefined : lastBefore(changes, zone.instantOf(local), ({ from }) => from);
    if (!(change?.busy ?? series.busy)) return;
    busy.push(periodFrom(local + (change?.shift ?? 0), zone, own ?? change?.length ?? series.length));
  };

  if (rules.length === 0 || series.hasUnreadableRule) add(start.local, undefined);
  for (const extra of extraDates) add(localIn(extra.start, start), extra.length);
  for (const rule of rules) {
    const question = { start: start.local, isDate: start.isDate, until: untilOf(rule, start), window };
    const { locals, overrunAt } = instancesOfRule(rule, question, budget);
    for (const local of locals) add(local, undefined);
    if (overrunAt !== undefined) {
      // Nobody knows what comes after: a calendar too large to read must not make its host look free.
      problems.add("too-many-instances");
      busy.push({ start: zone.instantOf(overrunAt) - DAY, end: range.end });
    }
  }
  return busy;
}

/** How far instances can lie from what they make busy, in milliseconds. Changes can move them either way. */
function reachOf(series: Vevent, changes: readonly Change[]): { back: number; ahead: number } {
  const lengths = [series, ...changes].map(({ length }) => length.days * DAY + length.exact);
  const extras = series.extraDates.map(({ length }) => (length ? length.days * DAY + length.exact : 0));
  const shifts = changes.map(({ shift }) => shift);
  const most = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);
  return { back: most(lengths.concat(extras)) + most(shifts), ahead: most(shifts.map((shift) => -shift)) };
}

/** Tells whether an instance is named by one of the moments: by its instant, or by its date where either is a DATE. */
function exclusion(start: Moment, moments: readonly Moment[], window: Period): (local: number) => boolean {
  const days = new Set<number>();
  const instants = new Set<number>();
  for (const moment of moments) {
    // Far from the window nothing is excluded that anyone asks for.
    if (moment.local < window.start - ZONE_MARGIN || moment.local > window.end + ZONE_MARGIN) continue;
    if (moment.isDate) days.add(Math.floor(moment.local / DAY));
    else if (start.isDate) days.add(Math.floor(localIn(moment, start) / DAY));
    else instants.add(instantOf(moment));
  }
  return (local) =>
    (days.size > 0 && days.has(Math.floor(local / DAY))) ||
    (instants.size > 0 && instants.has(start.zone.instantOf(local)));
}

function changesOf(start: Moment, overrides: readonly Vevent[]): Change[] {
  return overrides
    .filter(({ thisAndFuture }) => thisAndFuture)
    .map((override) => {
      const id = inZoneOf(override.recurrenceId!, start);
      const shift = localIn(override.start, start) - localIn(id, start);
      return { from: instantOf(id), shift, length: override.length, busy: override.busy };
    })
    .toSorted((a, b) => a.from - b.from);
}

/** The wall time of a moment on the clock of the series. A DATE added to a timed series comes at the series' time of day. */
function localIn(moment: Moment, start: Moment): number {
  if (moment.isDate) {
    const time = start.local - Math.floor(start.local / DAY) * DAY;
    return start.isDate ? moment.local : moment.local + time;
  }
  const local = moment.zone === start.zone ? moment.local : start.zone.localOf(instantOf(moment));
  return start.isDate ? Math.floor(local / DAY) * DAY : local;
}

/** UNTIL on the series' clock, inclusive. One given as a date, or for all-day series, takes in its whole day. */
function untilOf(rule: RecurrenceRule, start: Moment): number {
  if (rule.until === undefined) return Number.POSITIVE_INFINITY;
  const { local, form } = rule.until;
  if (form === "date" || start.isDate) return (Math.floor(local / DAY) + 1) * DAY - 1;
  return form === "utc" ? start.zone.localOf(local) : local;
}
