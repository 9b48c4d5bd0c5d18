/** What goes wrong with the calendars of a run, one after the other; what they say then quotes what is private. */

import { GOOGLE_CLIENT, MARKED_FEED, MARKS } from "./marked-calendars.ts";
import type { MarkedCalendars } from "./marked-calendars.ts";

const QUOTE = Object.values(MARKS).join(" | ");
const PAGE = { status: 200, headers: { "content-type": "text/html" }, body: `<!doctype html><p>${QUOTE}` };
const JUNK =
  `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:"><d:response><d:href>/${MARKS["CalDAV user"]}/` +
  `</d:href><d:status>${MARKS["title of an event"].replaceAll("&", "&amp;")}</d:status></d:response></d:multistatus>`;

type Weather = (calendars: MarkedCalendars) => void | Promise<void>;

/** Of Google: the next calls that are no consent. */
const google =
  (fault: Parameters<MarkedCalendars["google"]["fail"]>[0]): Weather =>
  (calendars) =>
    calendars.google.fail({ path: "/calendar/v3", times: 40, ...fault });

const reasons = [
  "rateLimitExceeded",
  "userRateLimitExceeded",
  "quotaExceeded",
  "dailyLimitExceeded",
  "calendarUsageLimitsExceeded",
  "accessNotConfigured",
  "forbidden",
  "insufficientPermissions",
];
const quoted = JSON.stringify({ error: { code: 400, message: QUOTE, errors: [{ reason: QUOTE }] } });

const WEATHER: readonly Weather[] = [
  ...reasons.map((reason) => google({ error: { status: 403, reason } })),
  google({ error: { status: 429, retryAfterSeconds: 1 } }),
  google({ error: { status: 500 } }),
  google({ error: { status: 503, retryAfterSeconds: 1 } }),
  google({ error: { status: 401, reason: "authError" } }),
  google({ error: { status: 404, reason: "notFound" } }),
  google({ html: { status: 200 } }),
  google({ html: { status: 502 } }),
  google({ cutAfterBytes: 0 }),
  google({ cutAfterBytes: 30 }),
  google({ answer: { status: 400, body: quoted } }),
  google({ answer: { status: 200, body: quoted } }),
  google({ path: "/freeBusy", calendarErrors: { [MARKS["Google account"]]: "internalError" } }),
  google({ path: "/freeBusy", dropBusy: [MARKS["Google account"]] }),
  google({ delayMs: 300 }),
  google({ path: "/token", error: { status: 500 } }),
  google({
    path: "/token",
    answer: { status: 400, body: `{"error":"invalid_grant","error_description":"x"}` },
  }),
  ({ google: stand }) => stand.expireAccessTokens(),
  ({ google: stand }) =>
    void stand.revokeGrant({ email: MARKS["Google account"], clientId: GOOGLE_CLIENT.id }),
  ({ feed }) => feed.answer(PAGE),
  ({ feed }) => feed.answer({ ...MARKED_FEED, isCut: true }),
  ({ feed }) => feed.answer({ status: 200, body: MARKED_FEED.body.slice(0, -30) }),
  ({ feed }) => feed.answer({ status: 404, body: QUOTE }),
  ({ feed }) => feed.answer({ status: 500, body: QUOTE }),
  ({ feed }) => feed.answer({ status: 429, headers: { "retry-after": "1" }, body: QUOTE }),
  ({ feed }) =>
    feed.answer({ status: 302, headers: { location: `http://10.0.0.1/${MARKS["path of a feed"]}` } }),
  ({ feed }) => feed.shut(),
  ({ server }) => server.answer(PAGE),
  ({ server }) => server.answer({ status: 207, headers: { "content-type": "application/xml" }, body: JUNK }),
  ({ server }) => server.answer({ status: 207, body: JUNK, isCut: true }),
  ({ server }) => server.answer({ status: 500, body: QUOTE }),
  ({ server }) => server.shut(),
  (calendars) => calendars.setPassword("somebody changed it"),
];

/** How many kinds of it there are. */
export const WEATHERS = WEATHER.length;

/** All is well again. */
export async function clearUp(calendars: MarkedCalendars): Promise<void> {
  calendars.google.heal();
  calendars.setPassword();
  await Promise.all([calendars.feed.open(), calendars.server.open()]);
  calendars.feed.answer(MARKED_FEED);
}

/** The next of all that can go wrong, alone. */
export async function turnBad(calendars: MarkedCalendars, index: number): Promise<void> {
  await clearUp(calendars);
  await WEATHER[index % WEATHERS]?.(calendars);
}
