/** Whole trips of a host with the stand-in for Google, in both runtimes. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { DAY, MINUTE } from "../../../../scheduling/time-zone.ts";
import { startGoogle } from "../../../google/stand-in.ts";
import type { Google } from "../../../google/stand-in.ts";
import type { FaultSpec } from "../../../google/faults.ts";
import { decide } from "../../../google/support/visitor.ts";
import type { Told } from "../question.ts";
import { runtimesFor } from "../runtimes.ts";
import type { Runtime } from "../runtimes.ts";
import { ask } from "./google-question.ts";
import type { GoogleQuestion } from "./google-question.ts";
import { NOW, settingsFor } from "./scripted-google.ts";

const HOUR = 60 * MINUTE;
const ALICE = "alice@x.example";
const WORK = "work@group.calendar.google.com";
const HOLIDAYS = "en.german#holiday@group.v.calendar.google.com";
const REDIRECT_URI = "https://cal.example/oauth/google/callback";
const ALL = ["calendar.events.freebusy", "calendar.calendarlist.readonly", "calendar.events.owned"];
const WEEK = { start: NOW, end: NOW + 7 * DAY };

/** Without the settings and the clock, which are always the same. */
type Wanted = GoogleQuestion extends infer Question
  ? Question extends GoogleQuestion
    ? Omit<Question, "settings" | "now">
    : never
  : never;

describe.each(runtimesFor(ask, "./google/google-question.ts"))("in %s", (_, start) => {
  let runtime: Runtime<GoogleQuestion>;
  let google: Google;
  let now = NOW;
  /** Everything that was answered, to be searched for secrets. */
  let answers: Told[] = [];

  beforeAll(async () => {
    runtime = await start();
  });
  afterAll(() => runtime.stop());
  beforeEach(async () => {
    now = NOW;
    answers = [];
    google = await startGoogle({ now: () => now });
    google.seed({
      clients: [{ id: "client-1", secret: "client-secret-1", redirectUris: [REDIRECT_URI] }],
      accounts: [{ email: ALICE, timeZone: "Europe/Berlin" }, { email: "bob@x.example" }],
      calendars: [
        { id: WORK, summary: "Work", owner: ALICE },
        { id: "team@group.calendar.google.com", summary: "Team", owner: "bob@x.example" },
        { id: HOLIDAYS, summary: "Holidays in Germany", isPublic: true },
      ],
      listings: [
        { account: ALICE, calendar: "team@group.calendar.google.com", accessRole: "writer" },
        { account: ALICE, calendar: HOLIDAYS },
      ],
      events: [
        { calendar: ALICE, start: "2026-11-26T10:00:00", rrule: "FREQ=DAILY;COUNT=3" },
        { calendar: ALICE, start: "2026-11-26T10:30:00", end: "2026-11-26T12:00:00" },
        { calendar: WORK, start: "2026-11-26T10:00:00", isFree: true },
        { calendar: WORK, start: "2026-11-30", timeZone: "UTC" },
      ],
    });
  });
  afterEach(() => google.stop());

  async function asked(wanted: Wanted): Promise<Told> {
    const told = await runtime.ask({ ...wanted, settings: settingsFor(google.url), now });
    answers.push(told);
    return told;
  }

  /** Alice consents, with these scopes ticked. */
  async function connected(ticked: readonly string[] = ALL, write = true): Promise<Told> {
    const consent = await asked({
      what: "consent",
      wanted: { redirectUri: REDIRECT_URI, write, loginHint: ALICE },
    });
    const back = await decide(new URL(String(consent["url"])), { email: ALICE, ticked });
    expect(back.searchParams.get("state")).toBe(consent["state"]);
    const code = back.searchParams.get("code") ?? "";
    const verifier = String(consent["verifier"]);
    return asked({ what: "finish", back: { code, verifier, redirectUri: REDIRECT_URI, write } });
  }

  async function accessOf(ticked?: readonly string[]): Promise<string> {
    return String((await connected(ticked))["access"]);
  }

  function busyOf(access: string, refs: readonly string[], range = WEEK): Promise<Told> {
    return asked({
      what: "read",
      access,
      calendars: refs.map((ref) => ({ id: `id of ${ref}`, ref })),
      range,
    });
  }

  it("a host consents, sees their calendars, and is read", async () => {
    const access = await accessOf();
    expect(await asked({ what: "find", access })).toEqual({
      kind: "found",
      calendars: expect.arrayContaining([
        { ref: ALICE, name: ALICE, isOwn: true, isWritable: true },
        { ref: WORK, name: "Work", isOwn: true, isWritable: true },
        { ref: "team@group.calendar.google.com", name: "Team", isOwn: false, isWritable: false },
        { ref: HOLIDAYS, name: "Holidays in Germany", isOwn: false, isWritable: false },
      ]),
    });
    expect(await busyOf(access, [ALICE, WORK])).toEqual({
      kind: "read",
      calendars: {
        [`id of ${ALICE}`]: {
          kind: "read",
          busy: [
            { start: Date.UTC(2026, 10, 26, 9), end: Date.UTC(2026, 10, 26, 11) },
            { start: Date.UTC(2026, 10, 27, 9), end: Date.UTC(2026, 10, 27, 10) },
            { start: Date.UTC(2026, 10, 28, 9), end: Date.UTC(2026, 10, 28, 10) },
          ],
        },
        [`id of ${WORK}`]: {
          kind: "read",
          busy: [{ start: Date.UTC(2026, 10, 30), end: Date.UTC(2026, 11, 1) }],
        },
      },
    });
  });

  it("only what was ticked is granted, and what is missing is said", async () => {
    const answer = await connected(["calendar.events.freebusy"]);
    expect(answer).toMatchObject({
      kind: "granted",
      missing: [
        "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
        "https://www.googleapis.com/auth/calendar.events.owned",
      ],
    });
    const access = String(answer["access"]);
    expect(await asked({ what: "find", access })).toEqual({ kind: "failed", problem: "unauthorized" });
  });

  it("a code is good for one verifier, and once", async () => {
    const consent = await asked({ what: "consent", wanted: { redirectUri: REDIRECT_URI, write: false } });
    const back = await decide(new URL(String(consent["url"])), { email: ALICE, ticked: ALL.slice(0, 2) });
    const code = back.searchParams.get("code") ?? "";
    const other = { code, verifier: "x".repeat(43), redirectUri: REDIRECT_URI, write: false };
    expect(await asked({ what: "finish", back: other })).toEqual({ kind: "failed", problem: "unauthorized" });
    const answer = await connected();
    expect(answer).toMatchObject({ kind: "granted", missing: [] });
  });

  it("an hour later the access is renewed, and the answer brings it", async () => {
    const access = await accessOf();
    now += HOUR;
    const answer = await busyOf(access, [ALICE]);
    expect(answer).toMatchObject({ kind: "read", access: expect.any(String) });
    expect(answer["access"]).not.toBe(access);
    google.forgetCalls();
    expect(await busyOf(String(answer["access"]), [ALICE])).not.toHaveProperty("access");
    expect(google.calls().map(({ path }) => path)).toEqual(["/calendar/v3/freeBusy"]);
  });

  it("a token that ended before its time is renewed on the way", async () => {
    const access = await accessOf();
    google.expireAccessTokens();
    expect(await busyOf(access, [ALICE])).toMatchObject({ kind: "read", access: expect.any(String) });
  });

  it("a host who took the access back is unauthorized, for good", async () => {
    const access = await accessOf();
    google.revokeGrant({ email: ALICE });
    expect(await busyOf(access, [ALICE])).toEqual({ kind: "failed", problem: "unauthorized" });
    now += HOUR;
    expect(await busyOf(access, [ALICE])).toEqual({ kind: "failed", problem: "unauthorized" });
  });

  it("an access that is given up is of no use any more, and giving it up again is done", async () => {
    const access = await accessOf();
    expect(await asked({ what: "revoke", access })).toEqual({ kind: "done" });
    expect(await asked({ what: "revoke", access })).toEqual({ kind: "done" });
    expect(await asked({ what: "find", access })).toEqual({ kind: "failed", problem: "unauthorized" });
  });

  it("a year is read in pieces that Google takes", async () => {
    const access = await accessOf();
    google.seed({ events: [{ calendar: WORK, start: "2027-11-24T09:00:00Z", end: "2027-11-24T10:00:00Z" }] });
    google.forgetCalls();
    const answer = await busyOf(access, [WORK], { start: NOW, end: NOW + 372 * DAY });
    expect(answer).toMatchObject({
      calendars: {
        [`id of ${WORK}`]: {
          busy: [
            { start: Date.UTC(2026, 10, 30), end: Date.UTC(2026, 11, 1) },
            { start: Date.UTC(2027, 10, 24, 9), end: Date.UTC(2027, 10, 24, 10) },
          ],
        },
      },
    });
    expect(google.calls().map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 200]);
  });

  const inside: readonly (readonly [string, FaultSpec, string])[] = [
    ["an error inside Google", { calendarErrors: { [WORK]: "internalError" } }, "server-error"],
    ["that it is gone", { calendarErrors: { [WORK]: "notFound" } }, "not-found"],
    ["an error nobody knows", { calendarErrors: { [WORK]: "teapot" } }, "server-error"],
    ["nothing of its busy time", { dropBusy: [WORK] }, "server-error"],
    ["nothing at all", { dropCalendars: [WORK] }, "server-error"],
  ];
  it.each(inside)("an answer of success that says of one calendar: %s", async (_fault, fault, problem) => {
    const access = await accessOf();
    google.fail({ path: "/freeBusy", ...fault });
    expect(await busyOf(access, [ALICE, WORK])).toMatchObject({
      kind: "read",
      calendars: {
        [`id of ${ALICE}`]: { kind: "read" },
        [`id of ${WORK}`]: { kind: "failed", problem },
      },
    });
  });

  it("somebody else's calendar is not found, not free", async () => {
    const access = await accessOf();
    expect(await busyOf(access, ["bob@x.example"])).toMatchObject({
      calendars: { "id of bob@x.example": { kind: "failed", problem: "not-found" } },
    });
  });

  const faults: readonly (readonly [string, FaultSpec, object])[] = [
    [
      "403 rateLimitExceeded",
      { error: { status: 403, reason: "rateLimitExceeded", retryAfterSeconds: 9 } },
      { problem: "rate-limited", retryAfterMs: 9_000 },
    ],
    [
      "403 userRateLimitExceeded",
      { error: { status: 403, reason: "userRateLimitExceeded" } },
      { problem: "rate-limited" },
    ],
    ["403 quotaExceeded", { error: { status: 403, reason: "quotaExceeded" } }, { problem: "rate-limited" }],
    ["403 forbidden", { error: { status: 403, reason: "forbidden" } }, { problem: "unauthorized" }],
    [
      "429",
      { error: { status: 429, retryAfterSeconds: 9 } },
      { problem: "rate-limited", retryAfterMs: 9_000 },
    ],
    ["404", { error: { status: 404, reason: "notFound" } }, { problem: "not-found" }],
    ["410", { error: { status: 410, reason: "notFound" } }, { problem: "not-found" }],
    ["500", { error: { status: 500 } }, { problem: "server-error" }],
    ["503 with a page", { html: { status: 503 } }, { problem: "server-error" }],
    ["a page of success", { html: { status: 200 } }, { problem: "not-a-calendar" }],
    [
      "an answer of another shape",
      { answer: { status: 200, body: '{"calendars":[],"items":{}}' } },
      { problem: "not-a-calendar" },
    ],
    [
      "a redirect",
      { answer: { status: 301, headers: { location: "/elsewhere" }, body: "" } },
      { problem: "server-error" },
    ],
    ["a connection that breaks before the answer", { cutAfterBytes: 0 }, { problem: "unreachable" }],
    ["a connection that breaks in the answer", { cutAfterBytes: 20 }, { problem: "unreachable" }],
  ];
  it.each(faults)("%s", async (_fault, fault, expected) => {
    const access = await accessOf();
    google.fail({ path: "/calendar/v3/", times: 3, ...fault });
    expect(await asked({ what: "find", access })).toEqual({ kind: "failed", ...expected });
    expect(await busyOf(access, [ALICE])).toEqual({ kind: "failed", ...expected });
  });

  it.each(faults)(
    "%s, when tokens are renewed, is never taken for a refusal of the host",
    async (_fault, fault) => {
      const access = await accessOf();
      now += HOUR;
      google.fail({ path: "/token", ...fault });
      const answer = await asked({ what: "find", access });
      expect(answer["kind"]).toBe("failed");
      expect(answer["problem"]).not.toBe("unauthorized");
      expect(await asked({ what: "find", access })).toMatchObject({ kind: "found" });
    },
  );

  it("no token, code or address is in any answer, but in the access", async () => {
    const access = await accessOf();
    const { refreshToken, accessToken } = JSON.parse(access) as Record<string, string>;
    now += HOUR;
    await busyOf(access, [ALICE]);
    await asked({ what: "find", access });
    google.fail({ error: { status: 403, reason: "forbidden" } });
    await busyOf(access, [ALICE]);
    google.revokeGrant({ email: ALICE });
    await busyOf(access, [ALICE]);
    for (const { access: renewed, url: _url, ...answer } of answers) {
      const text = JSON.stringify(answer);
      const tokens = typeof renewed === "string" ? Object.values(JSON.parse(renewed) as object) : [];
      for (const secret of [refreshToken, accessToken, ...tokens, "client-secret-1", google.url]) {
        expect(text).not.toContain(secret);
      }
    }
    expect(answers).toHaveLength(6);
  });
});
