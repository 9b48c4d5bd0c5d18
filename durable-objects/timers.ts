/** Many timers over a Durable Object's one alarm, which always stands at the earliest. What a timer is for is not known here. */

/** What the authority may have to do later. */
export type TimerKind = "relay-outbox" | "expire-pending" | "expire-holds" | "forget-answers";

/** While an alarm works, a second one stands this far off, so that a crash in the middle is picked up again. */
const CRASH_NET_MS = 30_000;

export class Timers {
  readonly #storage: DurableObjectStorage;
  /** When each timer is due, as stored; undefined until it was read. Spares every booking two statements. */
  #dueAt: Map<TimerKind, number> | undefined;
  /** What the alarm is known to stand at; unknown after a cold start. */
  #armedFor: number | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Makes sure a timer stands no later than `dueAt` (epoch ms). Call inside the transaction it belongs to. */
  setNoLaterThan(kind: TimerKind, dueAt: number): void {
    if (dueAt < (this.dueAt(kind) ?? Infinity)) {
      this.#write(kind, dueAt, "attempts");
    }
    this.#arm(dueAt);
  }

  /**
   * A timer's work is done up to here: it stands at `nextDueAt` from now on, or is gone. Call it in the same
   * synchronous block that looked at what is left to do, so that nothing asked for meanwhile is forgotten.
   */
  settle(kind: TimerKind, nextDueAt: number | undefined): void {
    if (nextDueAt === undefined) {
      this.#storage.sql.exec("DELETE FROM timers WHERE kind = ?", kind);
      this.#dueAt?.delete(kind);
    } else {
      this.#write(kind, nextDueAt, "0");
    }
  }

  /** A timer's work failed: it stands at `dueAt`. */
  postpone(kind: TimerKind, dueAt: number): void {
    this.#write(kind, dueAt, "attempts + 1");
  }

  /** When a timer is due, epoch ms; undefined if it is not set. */
  dueAt(kind: TimerKind): number | undefined {
    this.#dueAt ??= new Map(
      this.#storage.sql
        .exec<{ kind: string; due_at: number }>("SELECT kind, due_at FROM timers")
        .toArray()
        .map((row) => [row.kind as TimerKind, row.due_at]),
    );
    return this.#dueAt.get(kind);
  }

  /** The kinds that are due, and how often each failed in a row. They stay until settled. */
  due(now: number): { kind: TimerKind; attempts: number }[] {
    return this.#storage.sql
      .exec<{ kind: string; attempts: number }>(
        "SELECT kind, attempts FROM timers WHERE due_at <= ? ORDER BY due_at",
        now,
      )
      .toArray()
      .map((row) => ({ kind: row.kind as TimerKind, attempts: row.attempts }));
  }

  /** A transaction was rolled back: what was remembered may never have been stored. */
  forgetWhatIsKnown(): void {
    this.#dueAt = undefined;
    this.#armedFor = undefined;
  }

  /** The alarm has rung and its work begins. */
  alarmRang(now: number): void {
    this.#armedFor = undefined;
    this.#arm(now + CRASH_NET_MS);
  }

  /** Sets the alarm to the earliest timer, or stops it where there is none. */
  rearm(): void {
    const [row] = this.#storage.sql
      .exec<{ due_at: number | null }>("SELECT min(due_at) AS due_at FROM timers")
      .toArray();
    this.#armedFor = undefined;
    if (row && row.due_at !== null) {
      this.#arm(row.due_at);
    } else {
      void this.#storage.deleteAlarm();
    }
  }

  #write(kind: TimerKind, dueAt: number, attempts: "attempts" | "attempts + 1" | "0"): void {
    this.#storage.sql.exec(
      `INSERT INTO timers (kind, due_at) VALUES (?, ?)
       ON CONFLICT (kind) DO UPDATE SET due_at = excluded.due_at, attempts = ${attempts}`,
      kind,
      dueAt,
    );
    this.#dueAt?.set(kind, dueAt);
  }

  #arm(dueAt: number): void {
    if (this.#armedFor !== undefined && this.#armedFor <= dueAt) {
      return;
    }
    // Inside transactionSync this is atomic with the rows it serves; the output gate covers the rest.
    void this.#storage.setAlarm(dueAt);
    this.#armedFor = dueAt;
  }
}

/** How long failed work waits: one second, doubling up to five minutes, with up to a quarter of jitter. */
export function retryDelayMs(attempts: number): number {
  const delayMs = Math.min(1_000 * 2 ** attempts, 300_000);
  return Math.round(delayMs * (1 + Math.random() / 4));
}
