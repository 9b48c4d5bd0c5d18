/** Whole trips of a host with the stand-in for Google, in both runtimes. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { DAY, MINUTE } from "../../../../scheduling/time-zone.ts";
import type { FaultSpec } from "../../../google/faults.ts";
import { decide } from "../../../google/support/visitor.ts";
import { runtimesFor } from "../runtimes.ts";
import type { Runtime } from "../runtimes.ts";
import { ALICE, HOLIDAYS, REDIRECT_URI, startAlice, TEAM, WORK } from "./alice.ts";
import type { Alice } from "./alice.ts";
import { ask } from "./google-question.ts";
import type { GoogleQuestion } from "./google-question.ts";
import { NOW } from "./scripted-google.ts";

const HOUR = 60 * MINUTE;

describe.each(runtimesFor(ask, "./google/google-question.ts"))("in %s", (_, start) => {
  let runtime: Runtime<GoogleQuestion>;
  let alice: Alice;

  beforeAll(async () => {
    runtime = await start();
  });
  afterAll(() => runtime.stop());
  beforeEach(async () => {
    alice = await startAlice(runtime);
  });
  afterEach(() => alice.google.stop());

  it("a host consents, sees their calendars, and is read", async () => {
    const access = await alice.connects();
    expect(await alice.ask({ what: "find", access })).toEqual({
      kind: "found",
      calendars: expect.arrayContaining([
        { ref: ALICE, name: ALICE, isOwn: true, isWritable: true },
        { ref: WORK, name: "Work", isOwn: true, isWritable: true },
        { ref: TEAM, name: "Team", isOwn: false, isWritable: false },
        { ref: HOLIDAYS, name: "Holidays in Germany", isOwn: false, isWritable: false },
      ]),
    });
    expect(await alice.busy(access, [ALICE, WORK])).toEqual({
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
    const answer = await alice.consents(["calendar.events.freebusy"]);
    expect(answer).toMatchObject({
      kind: "granted",
      missing: [
        "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
        "https://www.googleapis.com/auth/calendar.events.owned",
      ],
    });
    const access = String(answer["access"]);
    expect(await alice.ask({ what: "find", access })).toEqual({ kind: "failed", problem: "unauthorized" });
  });

  it("a code is good for its own verifier, and once", async () => {
    const wanted = { redirectUri: REDIRECT_URI, write: false };
    const ticked = ["calendar.events.freebusy", "calendar.calendarlist.readonly"];
    const refused = { kind: "failed", problem: "unauthorized" };
    const codeOf = async (url: unknown): Promise<string> =>
      (await decide(new URL(String(url)), { email: ALICE, ticked })).searchParams.get("code") ?? "";
    const first = await alice.ask({ what: "consent", wanted });
    const stolen = { ...wanted, code: await codeOf(first["url"]), verifier: "x".repeat(43) };
    expect(await alice.ask({ what: "finish", back: stolen })).toEqual(refused);
    const second = await alice.ask({ what: "consent", wanted });
    const back = { ...wanted, code: await codeOf(second["url"]), verifier: String(second["verifier"]) };
    expect(await alice.ask({ what: "finish", back })).toMatchObject({ kind: "granted", missing: [] });
    expect(await alice.ask({ what: "finish", back })).toEqual(refused);
  });

  it("an hour later the access is renewed, and the answer brings it", async () => {
    const access = await alice.connects();
    alice.waits(HOUR);
    const answer = await alice.busy(access, [ALICE]);
    expect(answer).toMatchObject({ kind: "read", access: expect.any(String) });
    expect(answer["access"]).not.toBe(access);
    alice.google.forgetCalls();
    expect(await alice.busy(String(answer["access"]), [ALICE])).not.toHaveProperty("access");
    expect(alice.google.calls().map(({ path }) => path)).toEqual(["/calendar/v3/freeBusy"]);
  });

  it("a token that ended before its time is renewed on the way", async () => {
    const access = await alice.connects();
    alice.google.expireAccessTokens();
    expect(await alice.busy(access, [ALICE])).toMatchObject({ kind: "read", access: expect.any(String) });
  });

  it("a host who took the access back is unauthorized, for good", async () => {
    const access = await alice.connects();
    alice.google.revokeGrant({ email: ALICE });
    expect(await alice.busy(access, [ALICE])).toEqual({ kind: "failed", problem: "unauthorized" });
    alice.waits(HOUR);
    expect(await alice.busy(access, [ALICE])).toEqual({ kind: "failed", problem: "unauthorized" });
  });

  it("an access that is given up is of no use any more, and giving it up again is done", async () => {
    const access = await alice.connects();
    expect(await alice.ask({ what: "revoke", access })).toEqual({ kind: "done" });
    expect(await alice.ask({ what: "revoke", access })).toEqual({ kind: "done" });
    expect(await alice.ask({ what: "find", access })).toEqual({ kind: "failed", problem: "unauthorized" });
  });

  it("a year is read in pieces that Google takes", async () => {
    const access = await alice.connects();
    alice.google.seed({
      events: [{ calendar: WORK, start: "2027-11-24T09:00:00Z", end: "2027-11-24T10:00:00Z" }],
    });
    alice.google.forgetCalls();
    const answer = await alice.busy(access, [WORK], { start: NOW, end: NOW + 372 * DAY });
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
    expect(alice.google.calls().map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  const inside: readonly (readonly [string, FaultSpec, string])[] = [
    ["an error inside Google", { calendarErrors: { [WORK]: "internalError" } }, "server-error"],
    ["that it is gone", { calendarErrors: { [WORK]: "notFound" } }, "not-found"],
    ["an error nobody knows", { calendarErrors: { [WORK]: "teapot" } }, "server-error"],
    ["nothing of its busy time", { dropBusy: [WORK] }, "server-error"],
    ["nothing at all", { dropCalendars: [WORK] }, "server-error"],
  ];
  it.each(inside)("an answer of success that says of one calendar: %s", async (_fault, fault, problem) => {
    const access = await alice.connects();
    alice.google.fail({ path: "/freeBusy", ...fault });
    expect(await alice.busy(access, [ALICE, WORK])).toMatchObject({
      kind: "read",
      calendars: {
        [`id of ${ALICE}`]: { kind: "read" },
        [`id of ${WORK}`]: { kind: "failed", problem },
      },
    });
  });

  it("somebody else's calendar is not found, not free", async () => {
    const access = await alice.connects();
    expect(await alice.busy(access, ["bob@x.example"])).toMatchObject({
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
    const access = await alice.connects();
    alice.google.fail({ path: "/calendar/v3/", times: 3, ...fault });
    expect(await alice.ask({ what: "find", access })).toEqual({ kind: "failed", ...expected });
    expect(await alice.busy(access, [ALICE])).toEqual({ kind: "failed", ...expected });
  });

  it.each(faults)(
    "%s, when tokens are renewed, is never taken for a refusal of the host",
    async (_fault, fault) => {
      const access = await alice.connects();
      alice.waits(HOUR);
      alice.google.fail({ path: "/token", ...fault });
      const answer = await alice.ask({ what: "find", access });
      expect(answer["kind"]).toBe("failed");
      expect(answer["problem"]).not.toBe("unauthorized");
      expect(await alice.ask({ what: "find", access })).toMatchObject({ kind: "found" });
    },
  );

  it("no token, code or address is in any answer, but in the access", async () => {
    const access = await alice.connects();
    const { refreshToken, accessToken } = JSON.parse(access) as Record<string, string>;
    alice.waits(HOUR);
    await alice.busy(access, [ALICE]);
    await alice.ask({ what: "find", access });
    alice.google.fail({ error: { status: 403, reason: "forbidden" } });
    await alice.busy(access, [ALICE]);
    alice.google.revokeGrant({ email: ALICE });
    await alice.busy(access, [ALICE]);
    for (const { access: renewed, url: _url, ...answer } of alice.answers) {
      const text = JSON.stringify(answer);
      const tokens = typeof renewed === "string" ? Object.values(JSON.parse(renewed) as object) : [];
      for (const secret of [refreshToken, accessToken, ...tokens, "client-secret-1", alice.google.url]) {
        expect(text).not.toContain(secret);
      }
    }
    expect(alice.answers).toHaveLength(6);
  });
});
