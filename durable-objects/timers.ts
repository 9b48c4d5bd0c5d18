/** Many timers over a Durable Object's one alarm, which always stands at the earliest. What a timer is for is not known here. */

/** What the authority may have to do later. A kind that only other code knows sleeps until that code is back. */
const TIMER_KINDS = [
  "relay-outbox",
  "expire-pending",
  "expire-holds",
  "forget-answers",
  "reconcile",
  "refresh-calendars",
  "write-calendar",
  "renew-channels",
  "remind",
  "send-mail",
  "call-webhooks",
] as const;

export type TimerKind = (typeof TIMER_KINDS)[number];

/** While an alarm works, a second one stands this far off, so that a crash in the middle is picked up again. */
const CRASH_NET_MS = 30_000;

/** How long failed work waits at most. */
const LONGEST_BACKOFF_MS = 300_000;

/** With jitter. What stands further ahead than this was put there by a clock that has been set back since. */
export const LONGEST_RETRY_MS = LONGEST_BACKOFF_MS * 1.25;

const KNOWN_KINDS = `kind IN (${TIMER_KINDS.map((kind) => `'${kind}'`).join(", ")})`;

interface Timer {
  readonly dueAt: number;
  /** How often its work failed in a row. */
  readonly attempts: number;
}

export class Timers {
  readonly #storage: DurableObjectStorage;
  /** The timers as stored; undefined until they were read. Spares every booking two statements. */
  #known: Map<string, Timer> | undefined;
  /** What the alarm is known to stand at; unknown after a cold start. */
  #armedFor: number | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /**
   * Makes sure a timer stands no later than `dueAt` (epoch ms), or where its work backs off: soon. Call inside the transaction it
   * belongs to.
   */
  setNoLaterThan(kind: TimerKind, dueAt: number): void {
    const { dueAt: standsAt = Infinity, attempts = 0 } = this.#read().get(kind) ?? {};
    // Otherwise every new booking would wake those who are away.
    const isBackingOff = attempts > 0 && standsAt <= dueAt + LONGEST_RETRY_MS;
    if (dueAt < standsAt && !isBackingOff) {
      this.#write(kind, { dueAt, attempts });
    }
    this.#arm(isBackingOff ? standsAt : dueAt);
  }

  /**
   * A timer's work is done up to here: it stands at `nextDueAt` from now on, or is gone. Call it in the same
   * synchronous block that looked at what is left to do, so that nothing asked for meanwhile is forgotten.
   */
  settle(kind: TimerKind, nextDueAt: number | undefined): void {
    if (nextDueAt === undefined) {
      this.#storage.sql.exec("DELETE FROM timers WHERE kind = ?", kind);
      this.#known?.delete(kind);
    } else {
      this.#write(kind, { dueAt: nextDueAt, attempts: 0 });
    }
  }

  /**
   * A timer's work failed: it stands at a later time, the later the more often. `now` in epoch ms.
   * @param atLeastMs how long whoever was asked wants not to be asked again
   */
  postpone(kind: TimerKind, now: number, atLeastMs = 0): void {
    const { attempts } = this.state(kind) ?? { attempts: 0 };
    const delayMs = Math.max(retryDelayMs(attempts), atLeastMs);
    this.#write(kind, { dueAt: now + delayMs, attempts: attempts + 1 });
  }

  /** No timer of this kind is ever set further ahead than `farthestMs`: one that is stands where the clock has been set back. */
  bringBack(kind: TimerKind, now: number, farthestMs: number): void {
    const timer = this.state(kind);
    if (timer && timer.dueAt > now + farthestMs) {
      this.#write(kind, { dueAt: now, attempts: timer.attempts });
    }
  }

  /** When a timer is due, and how often its work failed in a row; undefined if it is not set. */
  state(kind: TimerKind): Timer | undefined {
    return this.#read().get(kind);
  }

  /** The kinds that are due, the one that waited longest first. They stay until settled. */
  due(now: number): TimerKind[] {
    return this.#storage.sql
      .exec<{ kind: string }>(
        `SELECT kind FROM timers WHERE due_at <= CAST(? AS INTEGER) AND ${KNOWN_KINDS} ORDER BY due_at`,
        now,
      )
      .toArray()
      .map((row) => row.kind as TimerKind);
  }

  /** A transaction was rolled back: what was remembered may never have been stored. */
  forgetWhatIsKnown(): void {
    this.#known = undefined;
    this.#armedFor = undefined;
  }

  /** The alarm has rung and its work begins. */
  alarmRang(now: number): void {
    this.#setAlarm(now + CRASH_NET_MS);
  }

  /** Sets the alarm to the earliest timer, or stops it where there is none. */
  rearm(): void {
    const [row] = this.#storage.sql
      .exec<{ due_at: number | null }>(`SELECT min(due_at) AS due_at FROM timers WHERE ${KNOWN_KINDS}`)
      .toArray();
    if (row && row.due_at !== null) {
      this.#setAlarm(row.due_at);
    } else {
      this.#armedFor = undefined;
      void this.#storage.deleteAlarm();
    }
  }

  #read(): Map<string, Timer> {
    this.#known ??= new Map(
      this.#storage.sql
        .exec<{ kind: string; due_at: number; attempts: number }>("SELECT kind, due_at, attempts FROM timers")
        .toArray()
        .map((row) => [row.kind, { dueAt: row.due_at, attempts: row.attempts }]),
    );
    return this.#known;
  }

  #write(kind: TimerKind, { dueAt, attempts }: Timer): void {
    this.#storage.sql.exec(
      `INSERT INTO timers (kind, due_at, attempts) VALUES (?, ?, ?)
       ON CONFLICT (kind) DO UPDATE SET due_at = excluded.due_at, attempts = excluded.attempts`,
      kind,
      dueAt,
      attempts,
    );
    this.#known?.set(kind, { dueAt, attempts });
  }

  /** The alarm rings at `dueAt` or before. Where it stands is asked for when it is not known: another timer may come first. */
  #arm(dueAt: number): void {
    if (this.#armedFor === undefined) {
      this.rearm();
    } else if (dueAt < this.#armedFor) {
      this.#setAlarm(dueAt);
    }
  }

  #setAlarm(at: number): void {
    // Inside transactionSync this is atomic with the rows it serves; the output gate covers the rest.
    void this.#storage.setAlarm(at);
    this.#armedFor = at;
  }
}

/** How long failed work waits: one second, doubling up to five minutes, with up to a quarter of jitter. */
export function retryDelayMs(attempts: number): number {
  return withJitter(Math.min(1_000 * 2 ** attempts, LONGEST_BACKOFF_MS));
}

/** Up to a quarter longer, so that those who failed together do not come back together. */
export function withJitter(delayMs: number): number {
  return Math.round(delayMs * (1 + Math.random() / 4));
}
