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

/** By start, leaving the argument alone. Nearly all are sorted already, and looking is much cheaper than sorting. */
export function sortedByStart(periods: readonly Period[]): readonly Period[] {
  for (let i = 1; i < periods.length; i += 1) {
    if (periods[i - 1]!.start > periods[i]!.start) return periods.toSorted((a, b) => a.start - b.start);
  }
  return periods;
}
