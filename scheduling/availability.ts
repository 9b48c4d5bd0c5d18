/** When a host is willing to meet, as published: weekly windows, date overrides, seasons (RFC 7953). Types only. */

/** Weekday as the record writes it, Monday first. */
export type Weekday = "mo" | "tu" | "we" | "th" | "fr" | "sa" | "su";

/** A range of local wall time: minutes since local midnight; an `end` <= `start` ends on the next date. */
export interface WallWindow {
  readonly startMinute: number;
  /** 1..1440; 1440 is `24:00`. */
  readonly endMinute: number;
}

export interface WeeklyWindow extends WallWindow {
  readonly days: readonly Weekday[];
}

/** Replaces all windows of one local date; no windows closes it. Two for the same date count as one with the windows of both. */
export interface DateOverride {
  /** `YYYY-MM-DD` in the Availability's zone. */
  readonly date: string;
  readonly windows: readonly WallWindow[];
}

/** A checked availability: the zone is known to the runtime, wall times and dates are well formed. */
export interface Availability {
  readonly rkey: string;
  readonly name: string;
  /** IANA zone name. */
  readonly timeZone: string;
  readonly weekly: readonly WeeklyWindow[];
  readonly overrides: readonly DateOverride[];
  /** First and last local date (`YYYY-MM-DD`) on which it holds; absent: no end on that side. */
  readonly from?: string;
  readonly until?: string;
  /** Record key of the Availability in whose place this one holds on its dates. */
  readonly insteadOfRkey?: string;
  /** Those that hold in the place of this one, each on its own dates and in its own zone. */
  readonly seasons?: readonly Availability[];
}
