/** What a calendar source of any kind is asked, and what it answers: busy time, or why it cannot say. Knows nothing of who keeps it. */

import type { Period } from "../../scheduling/period.ts";
import type { CalendarProblem } from "../../scheduling/refusal.ts";

/** What is asked of a source. */
export interface SourceQuestion {
  /** What opens it: for a feed its address. Never in an answer, an error or a log. */
  readonly secret: string;
  /** Busy time in this range is wanted. */
  readonly range: Period;
  /** The host's zone, for all-day and floating times. */
  readonly timeZone: string;
  /** What the source said of itself last time; absent: it is to answer in full. */
  readonly validators?: string;
}

/** What sources need to know of this broker. */
export interface SourceSettings {
  /** "true" lets calendars live on loopback over http: local runs only. */
  readonly ALLOW_LOOPBACK: string;
  readonly PUBLIC_URL: string;
}

export type SourceReading =
  | {
      readonly kind: "read";
      /** Merged, clipped to the range. */
      readonly busy: readonly Period[];
      /** How many events it has, busy or not, in the range or not. */
      readonly events: number;
      readonly validators?: string;
      /** It asks not to be read again before so long. */
      readonly restMs?: number;
    }
  /** Only in answer to a question with validators. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "failed"; readonly problem: CalendarProblem; readonly retryAfterMs?: number };
