/** What could not be read, as kinds and counts: never a word of the calendar itself. */

export type ProblemKind =
  /** A DTSTART, DTEND, DURATION, RDATE, EXDATE, RECURRENCE-ID or FREEBUSY that tells no time. */
  | "unreadable-time"
  /** An RRULE that tells no rule; its first time is kept. */
  | "unreadable-rule"
  /** A TZID that nobody defines; read as the calendar's or the host's own zone. */
  | "unknown-zone"
  /** More instances than anybody needs; the rest of the window is busy. */
  | "too-many-instances"
  | "broken-line";

export interface Problem {
  readonly kind: ProblemKind;
  readonly count: number;
}

/** Counts problems while a calendar is read. */
export class Problems {
  readonly #counts = new Map<ProblemKind, number>();

  add(kind: ProblemKind, count = 1): void {
    if (count > 0) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
  }

  /** In the order in which they were first met. */
  list(): Problem[] {
    return [...this.#counts].map(([kind, count]) => ({ kind, count }));
  }
}
