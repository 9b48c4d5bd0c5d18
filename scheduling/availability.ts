/** When a host is willing to meet: weekly windows and date overrides in one zone (RFC 7953). No I/O, no clock. */

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

/** Replaces all windows of one local date; no windows closes it. */
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
}
