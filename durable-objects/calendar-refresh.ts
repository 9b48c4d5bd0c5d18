/** Reading a connected calendar again, and what its answer means for the busy time that is known. What is worse than before clears nothing. */

import type { SourceQuestion, SourceReading } from "../adapters/calendars/source.ts";
import type { CalendarProblem } from "../scheduling/refusal.ts";
import type { Period } from "../scheduling/period.ts";
import { DAY, MINUTE } from "../scheduling/time-zone.ts";
import type { Connection } from "./calendar-store.ts";

/** How often a source is read, give or take a quarter, so that they are not all read at once. */
const REST_MS = 15 * MINUTE;

/** A source may ask for more rest than that, but not for more than this. */
const LONGEST_REST_MS = DAY;

/** How long a source that fails waits at most. */
const LONGEST_BACKOFF_MS = 60 * MINUTE;

/** How far ahead busy time is asked for: as far as people can book, and a week more, so that an unchanged source need not be read in full every day. */
const SPARE_MS = 7 * DAY;
const FARTHEST_MS = 366 * DAY;

/** `now` in epoch ms; `chance` 0 to 1, so that not all come at once. */
interface Moment {
  readonly now: number;
  readonly chance: number;
}

/** Problems that no waiting mends. */
const NEEDS_HOST: ReadonlySet<CalendarProblem> = new Set<CalendarProblem>([
  "unauthorized",
  "not-found",
  "refused-address",
]);

/**
 * What a host's calendars are to be asked about: the same all day (UTC) long, so that an unchanged calendar is the same busy time. `now`
 * in epoch ms.
 */
export function rangeToAsk(horizonDays: number, now: number): Period {
  const today = Math.floor(now / DAY) * DAY;
  // From yesterday on: what has begun takes time as well.
  return { start: today - DAY, end: today + Math.min(FARTHEST_MS, (horizonDays + 2) * DAY) + SPARE_MS };
}

/**
 * The question for a refresh. Where less is known than people can book, or all-day events would be read in another zone, the source is
 * asked in full, be it unchanged or not.
 */
export function questionFor(
  connection: Connection,
  secret: string,
  { range, timeZone }: Pick<SourceQuestion, "range" | "timeZone">,
): SourceQuestion {
  const { validators } = connection;
  const isOfUse = connection.coversUntil >= range.end - SPARE_MS && connection.timeZone === timeZone;
  return {
    secret,
    range,
    timeZone,
    ...(isOfUse && validators !== undefined && { validators }),
  };
}

/** What is so after a reading: the connection, and its busy time where that is known anew. */
export function afterReading(
  before: Connection,
  reading: SourceReading,
  { range, timeZone, now, chance }: Pick<SourceQuestion, "range" | "timeZone"> & Moment,
): { readonly connection: Connection; readonly busy?: readonly Period[] } {
  switch (reading.kind) {
    case "failed":
      return { connection: failed(before, reading.problem, reading.retryAfterMs ?? 0, { now, chance }) };
    case "unchanged":
      return { connection: sound(before, 0, { now, chance }) };
    case "read": {
      if (reading.events === 0 && before.events > 0) {
        return { connection: failed(before, "emptied", 0, { now, chance }) };
      }
      const { validators: _before, ...rest } = sound(before, reading.restMs ?? 0, { now, chance });
      return {
        connection: {
          ...rest,
          events: reading.events,
          coversUntil: range.end,
          timeZone,
          ...(reading.validators !== undefined && { validators: reading.validators }),
        },
        busy: reading.busy,
      };
    }
  }
}

function sound(before: Connection, restMs: number, { now, chance }: Moment): Connection {
  const { problem: _mended, ...rest } = before;
  const pauseMs = Math.max(REST_MS, Math.min(restMs, LONGEST_REST_MS));
  return { ...rest, state: "ok", attempts: 0, asOf: now, nextRefreshAt: now + jittered(pauseMs, chance) };
}

function failed(
  before: Connection,
  problem: CalendarProblem,
  retryAfterMs: number,
  { now, chance }: Moment,
): Connection {
  const backoffMs = Math.min(MINUTE * 2 ** before.attempts, LONGEST_BACKOFF_MS);
  const pauseMs = Math.max(backoffMs, Math.min(retryAfterMs, LONGEST_REST_MS));
  return {
    ...before,
    state: NEEDS_HOST.has(problem) ? "needs_reauth" : "failing",
    problem,
    attempts: before.attempts + 1,
    nextRefreshAt: now + jittered(pauseMs, chance),
  };
}

function jittered(ms: number, chance: number): number {
  return Math.round(ms * (1 + chance / 4));
}
