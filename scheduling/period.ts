/** A Period is a half-open range of instants, the value under everything (RFC 5545 PERIOD). No I/O, no clock. */

/** Half-open `[start, end)`, both epoch milliseconds. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/** Whether two periods share an instant. An empty period shares none, and touching ends do not count. */
export function overlaps(a: Period, b: Period): boolean {
  return Math.max(a.start, b.start) < Math.min(a.end, b.end);
}

/** Sorted and disjoint: overlapping and touching periods become one, empty or inverted ones disappear. */
export function mergePeriods(periods: readonly Period[]): Period[] {
  const merged: Period[] = [];
  let open: { start: number; end: number } | undefined;
  for (const { start, end } of sortedByStart(periods)) {
    if (!(start < end)) continue;
    if (open !== undefined && start <= open.end) {
      if (end > open.end) open.end = end;
    } else {
      open = { start, end };
      merged.push(open);
    }
  }
  return merged;
}

/** The part of each period that lies in `range`, in the given order; periods wholly outside disappear. */
export function clipPeriods(periods: readonly Period[], range: Period): Period[] {
  const clipped: Period[] = [];
  for (const period of periods) {
    if (!overlaps(period, range)) continue;
    clipped.push({ start: Math.max(period.start, range.start), end: Math.min(period.end, range.end) });
  }
  return clipped;
}

/** The instants of `periods` that are in none of `others`: sorted and disjoint. */
export function subtractPeriods(periods: readonly Period[], others: readonly Period[]): Period[] {
  const taken = mergePeriods(others);
  const left: Period[] = [];
  let next = 0;
  for (const period of mergePeriods(periods)) {
    let { start } = period;
    // One that reaches beyond this period's end may reach into the next one as well.
    while (next < taken.length && taken[next]!.end <= start) next += 1;
    for (let at = next; at < taken.length && taken[at]!.start < period.end; at += 1) {
      if (start < taken[at]!.start) left.push({ start, end: taken[at]!.start });
      start = Math.max(start, taken[at]!.end);
    }
    if (start < period.end) left.push({ start, end: period.end });
  }
  return left;
}

/** By start, leaving the argument alone. Nearly all are sorted already, and looking is much cheaper than sorting. */
export function sortedByStart(periods: readonly Period[]): readonly Period[] {
  for (let i = 1; i < periods.length; i += 1) {
    if (periods[i - 1]!.start > periods[i]!.start) return periods.toSorted((a, b) => a.start - b.start);
  }
  return periods;
}
