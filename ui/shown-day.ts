/** Which day of a month has its times shown. Pure. */

interface DayQuestion {
  /** The date the reader chose, in whichever month. */
  readonly picked: string | undefined;
  /** The date whose times were shown until now; undefined while times are fetched for something else. */
  readonly looked: string | undefined;
  /** Dates of the month with free times, in order. */
  readonly enabled: ReadonlySet<string>;
}

interface ShownDay {
  readonly date: string;
  /** Its last time went while the reader looked: their place stays, and they are told. */
  readonly isEmptied: boolean;
}

/** The day that was chosen, the one that is being looked at, or the first with free times. */
export function shownDay({ picked, looked, enabled }: DayQuestion): ShownDay | undefined {
  if (picked !== undefined && enabled.has(picked)) return { date: picked, isEmptied: false };
  if (looked !== undefined) return { date: looked, isEmptied: !enabled.has(looked) };
  const [first] = enabled;
  return first === undefined ? undefined : { date: first, isEmptied: false };
}
