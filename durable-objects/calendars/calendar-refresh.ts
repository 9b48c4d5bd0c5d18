/** Reading connected calendars again, and what the answer means for the busy time that is known. What is worse than before clears nothing. */

import type {
  CalendarReading,
  SourceFailure,
  SourceQuestion,
  SourceReading,
} from "../../adapters/calendars/source.ts";
import type { CalendarProblem } from "../../scheduling/refusal.ts";
import type { Period } from "../../scheduling/period.ts";
import { DAY, MINUTE } from "../../scheduling/time-zone.ts";
import type { ConnectedCalendar } from "./calendar-store.ts";
import type { Connection } from "./connection-store.ts";

/** How often a source is read, give or take a quarter, so that they are not all read at once. */
const REST_MS = 15 * MINUTE;

/** How often one is read that tells of changes by itself: such messages get lost at times. */
const REST_OF_PUSHED_MS = 60 * MINUTE;

/** A source may ask for more rest than that, but not for more than this. */
const LONGEST_REST_MS = DAY;

/** How long a source that fails waits at most. */
const LONGEST_BACKOFF_MS = 60 * MINUTE;

/** A source whose calendars were read this lately is not read sooner because somebody looks. */
const FRESH_ENOUGH_MS = 5 * MINUTE;

/** So many failures in a row are not a hiccup any more: their host is told. With the back-off it is about seven minutes. */
const TELL_AFTER_ATTEMPTS = 4;

/** How far ahead busy time is asked for: as far as people can book, and a week more, so that an unchanged source need not be read in full every day. */
const SPARE_MS = 7 * DAY;
const FARTHEST_MS = 366 * DAY;

/** `now` in epoch ms; `chance` 0 to 1, so that not all come at once. */
interface Moment {
  readonly now: number;
  readonly chance: number;
}

/** What is asked of sources about a host. */
export type AskedOfHost = Pick<SourceQuestion, "range" | "timeZone" | "isBooking">;

/** Problems of an account that no waiting mends. */
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

/** What opens a source, its names for calendars, and in which of them bookings stand; by our ids. */
interface Opened {
  readonly access: string;
  readonly refs: ReadonlyMap<string, string>;
  readonly holding: ReadonlySet<string>;
}

/**
 * The question about calendars, by the names their source has for them. Where less is known than people can book, or all-day events would
 * be read in another zone, the source is asked in full, be it unchanged or not.
 */
export function questionFor(
  calendars: readonly ConnectedCalendar[],
  { access, refs, holding }: Opened,
  asked: AskedOfHost,
): SourceQuestion {
  return {
    ...asked,
    access,
    calendars: calendars.map(({ id, validators, coversUntil, timeZone }) => {
      const isOfUse = coversUntil >= asked.range.end - SPARE_MS && timeZone === asked.timeZone;
      return {
        id,
        ref: refs.get(id) ?? "",
        ...(holding.has(id) && { holdsBookings: true }),
        ...(isOfUse && validators !== undefined && { validators }),
      };
    }),
  };
}

/** A calendar as it stands after a reading, and its busy time where that is known anew. */
export interface ReadCalendar {
  readonly calendar: ConnectedCalendar;
  readonly busy?: readonly Period[];
}

/** What is so after a reading of `calendars`. `isPushed`: the source tells of changes by itself. */
export function afterReading(
  before: Connection,
  calendars: readonly ConnectedCalendar[],
  reading: SourceReading,
  moment: Pick<SourceQuestion, "range" | "timeZone"> & Moment & { readonly isPushed?: boolean },
): { readonly connection: Connection; readonly calendars: readonly ReadCalendar[] } {
  if (reading.kind === "failed") {
    return { connection: failed(before, reading, moment), calendars: [] };
  }
  const read = calendars.map((calendar) =>
    // Whatever was asked for and not answered is not known.
    calendarAfter(
      calendar,
      reading.calendars.get(calendar.id) ?? { kind: "failed", problem: "server-error" },
      moment,
    ),
  );
  const problem = read.find(({ calendar }) => calendar.problem !== undefined)?.calendar.problem;
  return {
    connection:
      problem === undefined
        ? sound(before, reading.restMs ?? 0, moment)
        : partlyFailed(before, problem, moment),
    calendars: read,
  };
}

/** Whether its host is to be told, now that it went from one to the other. */
export function isWorthTelling(before: Connection, after: Connection): boolean {
  const needsHost = after.state === "needs_reauth" && before.state !== "needs_reauth";
  const isLasting = after.attempts >= TELL_AFTER_ATTEMPTS && before.attempts < TELL_AFTER_ATTEMPTS;
  return needsHost || (after.state === "failing" && isLasting);
}

/**
 * When a connection is to be read because somebody looks at the host's page: now, unless it was read lately, fails, or has asked for rest.
 * Undefined: as planned. `asOf` is that of its calendars.
 */
export function sooner({ state, nextRefreshAt }: Connection, asOf: number, now: number): number | undefined {
  const hasAskedForRest = nextRefreshAt - asOf > 2 * REST_OF_PUSHED_MS;
  return state === "ok" && !hasAskedForRest && now - asOf >= FRESH_ENOUGH_MS && nextRefreshAt > now
    ? now
    : undefined;
}

function calendarAfter(
  before: ConnectedCalendar,
  reading: CalendarReading,
  { range, timeZone, now }: Pick<SourceQuestion, "range" | "timeZone"> & Moment,
): ReadCalendar {
  const { problem: _mended, ...known } = before;
  switch (reading.kind) {
    case "failed":
      return { calendar: { ...before, problem: reading.problem } };
    case "unchanged":
      return { calendar: { ...known, asOf: now } };
    case "read": {
      if (reading.events === 0 && before.events > 0) {
        return { calendar: { ...before, problem: "emptied" } };
      }
      const { validators: _before, ...rest } = known;
      return {
        calendar: {
          ...rest,
          asOf: now,
          events: reading.events ?? 0,
          coversUntil: range.end,
          timeZone,
          ...(reading.validators !== undefined && { validators: reading.validators }),
        },
        busy: reading.busy,
      };
    }
  }
}

/** A server that stumbles over its own list of users says that a password is wrong: one that it took before has to be refused twice. */
function wantsHost({ kind, problem: before }: Connection, problem: CalendarProblem): boolean {
  const isFirstDoubt = kind === "caldav" && problem === "unauthorized" && before !== "unauthorized";
  return NEEDS_HOST.has(problem) && !isFirstDoubt;
}

function sound(
  before: Connection,
  restMs: number,
  moment: Moment & { readonly isPushed?: boolean },
): Connection {
  const { problem: _mended, ...rest } = before;
  const pauseMs = Math.max(
    moment.isPushed === true ? REST_OF_PUSHED_MS : REST_MS,
    Math.min(restMs, LONGEST_REST_MS),
  );
  return { ...rest, state: "ok", attempts: 0, nextRefreshAt: moment.now + jittered(pauseMs, moment.chance) };
}

function failed(
  before: Connection,
  { problem, retryAfterMs = 0 }: SourceFailure,
  { now, chance }: Moment,
): Connection {
  const pauseMs = Math.max(backoffMs(before), Math.min(retryAfterMs, LONGEST_REST_MS));
  // Who is not to be asked for longer than one is read anyway has failed for long already.
  const attempts = Math.max(before.attempts + 1, retryAfterMs > REST_MS ? TELL_AFTER_ATTEMPTS : 0);
  return {
    ...before,
    state: wantsHost(before, problem) ? "needs_reauth" : "failing",
    problem,
    attempts,
    nextRefreshAt: now + jittered(pauseMs, chance),
  };
}

/** Some of its calendars could not be read: the others are not to wait for longer than they would without. */
function partlyFailed(before: Connection, problem: CalendarProblem, { now, chance }: Moment): Connection {
  return {
    ...before,
    state: "failing",
    problem,
    attempts: before.attempts + 1,
    nextRefreshAt: now + jittered(Math.min(backoffMs(before), REST_MS), chance),
  };
}

function backoffMs({ attempts }: Connection): number {
  return Math.min(MINUTE * 2 ** attempts, LONGEST_BACKOFF_MS);
}

function jittered(ms: number, chance: number): number {
  return Math.round(ms * (1 + chance / 4));
}
