import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { FaultSpec } from "./faults.ts";
import { startCheckedGoogle } from "./support/checked-google.ts";
import type { CheckedGoogle } from "./support/checked-google.ts";
import { CLIENT, call, signIn } from "./support/visitor.ts";
import type { Answer } from "./support/visitor.ts";

const ALICE = "alice@gmail.example";
const LIST = "GET /users/me/calendarList";

let google: CheckedGoogle;
let accessToken: string;

beforeAll(async () => {
  google = await startCheckedGoogle();
});
afterAll(async () => {
  await google.stop();
  expect(google.problems).toEqual([]);
});

beforeEach(async () => {
  google.heal();
  google.seed({ clients: [CLIENT], accounts: [{ email: ALICE }] });
  accessToken = (await signIn(google, ALICE, "calendar")).access_token;
  google.forgetCalls();
});

const ask = (): Promise<Answer> => call(google, accessToken, LIST);
const askFreeBusy = (): Promise<Answer> =>
  call(google, accessToken, "POST /freeBusy", {
    timeMin: "2026-10-01T00:00:00Z",
    timeMax: "2026-10-02T00:00:00Z",
    items: [{ id: "primary" }, { id: ALICE }],
  });
const control = (name: string, argument?: object): Promise<Response> =>
  fetch(`${google.url}/_control/${name}`, {
    method: "POST",
    ...(argument === undefined ? {} : { body: JSON.stringify(argument) }),
  });

describe("a fault", () => {
  it.each([
    [403, "rateLimitExceeded", "usageLimits"],
    [403, "userRateLimitExceeded", "usageLimits"],
    [403, "quotaExceeded", "usageLimits"],
    [403, "dailyLimitExceeded", "usageLimits"],
    [403, "calendarUsageLimitsExceeded", "usageLimits"],
    [403, "accessNotConfigured", "usageLimits"],
    [403, "forbidden", "global"],
    [403, "insufficientPermissions", "global"],
    [429, undefined, "usageLimits"],
    [500, undefined, "global"],
    [503, undefined, "global"],
  ])("is %i %s", async (status, reason, domain) => {
    google.fail({ path: "/calendarList", error: { status, ...(reason === undefined ? {} : { reason }) } });
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      error: { code: status, errors: [{ domain, ...(reason === undefined ? {} : { reason }) }] },
    });
    expect((await ask()).status).toBe(200);
  });

  it("asks to wait with Retry-After", async () => {
    google.fail({ error: { status: 503, retryAfterSeconds: 7 } });
    expect((await ask()).headers.get("retry-after")).toBe("7");
  });

  it("meets the calls it is meant for: by path, by method, so many, after so many", async () => {
    google.fail({ path: "/freeBusy", method: "POST", skip: 1, times: 2, error: { status: 500 } });
    const statuses: number[] = [(await ask()).status];
    for (let asked = 0; asked < 4; asked += 1) statuses.push((await askFreeBusy()).status);
    expect(statuses).toEqual([200, 200, 500, 500, 200]);
  });

  it("is slow", async () => {
    google.fail({ delayMs: 60 });
    const began = performance.now();
    expect((await ask()).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(55);
  });

  it.each([
    ["is a page instead of JSON", { html: { status: 200 } }],
    [
      "is any answer at all",
      { answer: { status: 200, headers: { "content-type": "text/plain" }, body: "{" } },
    ],
  ] satisfies [string, FaultSpec][])("%s", async (_, fault) => {
    google.fail(fault);
    expect(await ask()).toMatchObject({ status: 200, body: undefined });
  });

  it.each([[0], [40]])("breaks the connection after %i bytes, when all was done", async (cutAfterBytes) => {
    google.fail({ path: "/events", cutAfterBytes });
    const insert = (): Promise<Answer> =>
      call(google, accessToken, "POST /calendars/primary/events", {
        id: "booking1",
        start: { date: "2026-10-19" },
        end: { date: "2026-10-20" },
      });
    await expect(insert()).rejects.toThrow();
    expect((await insert()).status).toBe(409);
  });

  it("is with single calendars, inside an answer of 200", async () => {
    google.fail({ path: "/freeBusy", calendarErrors: { primary: "internalError" } });
    expect((await askFreeBusy()).body).toMatchObject({
      calendars: {
        primary: { errors: [{ domain: "global", reason: "internalError" }] },
        [ALICE]: { busy: [] },
      },
    });
    google.fail({ path: "/freeBusy", dropBusy: ["primary"], dropCalendars: [ALICE] });
    expect((await askFreeBusy()).body).toMatchObject({ calendars: { primary: {} } });
  });

  it("is taken back with all others", async () => {
    google.fail({ times: 9, error: { status: 500 } });
    google.heal();
    expect((await ask()).status).toBe(200);
  });
});

describe("the log", () => {
  it("has each call with what it asked for, and no token", async () => {
    await call(google, accessToken, `${LIST}?maxResults=5&verbose=1`);
    await fetch(`${google.url}/token`, { method: "POST", body: new URLSearchParams({ code: "4/secret" }) });
    expect(google.calls({ api: "calendar.calendarList.list" })).toMatchObject([
      {
        method: "GET",
        path: "/calendar/v3/users/me/calendarList",
        query: { maxResults: "5" },
        unknownParameters: ["verbose"],
        email: ALICE,
        scopes: ["calendar"],
        status: 200,
      },
    ]);
    expect(google.calls({ path: "/token" })).toHaveLength(1);
    const text = JSON.stringify(google.calls());
    expect(text).not.toContain("4/secret");
    expect(text).not.toContain(accessToken);
  });
});

describe("the control over HTTP", () => {
  it("does what it does in process", async () => {
    const seeded = await control("seed", {
      events: [{ calendar: ALICE, id: "event1", start: "2026-10-01T10:00:00Z" }],
    });
    expect(await seeded.json()).toEqual({ eventIds: ["event1"] });
    await control("fail", { path: "/freeBusy", error: { status: 429 } });
    expect((await askFreeBusy()).status).toBe(429);
    const calls = await control("calls", { path: "/freeBusy" });
    expect(await calls.json()).toMatchObject([{ status: 429 }]);
    await control("expireAccessTokens");
    expect((await ask()).status).toBe(401);
  });

  it("says what it cannot read, and what there is", async () => {
    expect((await control("fail", { times: "many" })).status).toBe(400);
    expect((await control("seed", { events: [{ calendar: "nowhere", start: "2026-10-01" }] })).status).toBe(
      400,
    );
    const unknown = await control("explode");
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      commands: expect.arrayContaining(["seed", "fail", "calls"]),
    });
  });
});
