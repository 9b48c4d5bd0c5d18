import { gzipSync } from "node:zlib";
import * as z from "zod/mini";
import { afterEach, describe, expect, it } from "vitest";

import { withGoogle } from "../../../../adapters/calendars/google/google-account.ts";
import { findGoogleCalendars } from "../../../../adapters/calendars/google/google-calendars.ts";
import { accessUntil, NOW, settingsFor, startScriptedGoogle, TOKENS } from "./scripted-google.ts";
import type { Asked, Scripted, ScriptedGoogle } from "./scripted-google.ts";

let google: ScriptedGoogle | undefined;
afterEach(async () => {
  await google?.stop();
  google = undefined;
});

/** One call to a Google that answers so; tokens it gives whenever it is asked. */
async function called(
  answer: Scripted | ((asked: Asked) => Scripted),
  { access = accessUntil(), timeoutMs = 2_000 } = {},
): Promise<unknown> {
  google = await startScriptedGoogle((asked) => {
    if (typeof answer === "function") {
      return answer(asked);
    }
    return asked.path === "/token" ? { body: TOKENS } : answer;
  });
  return withGoogle({ access, settings: google.settings, now: NOW, timeoutMs }, async (call) => {
    const told = await call({ method: "GET", path: "/x" }, z.object({ fine: z.literal(true) }));
    return told.kind === "failed" ? told : { kind: "fine" };
  });
}

function refusal(reason: string, domain = "usageLimits"): object {
  return { error: { errors: [{ domain, reason, message: "no" }], code: 403, message: "no" } };
}

describe("what an answer means", () => {
  const RETRY = { "retry-after": "120" };
  const cases: readonly (readonly [string, Scripted, object])[] = [
    ["success in the shape that was asked for", { body: { fine: true } }, { kind: "fine" }],
    ["success in another shape", { body: { fine: "yes" } }, { problem: "not-a-calendar" }],
    ["a page to sign in", { body: "<!doctype html>" }, { problem: "not-a-calendar" }],
    ["success without anything", { status: 204 }, { problem: "not-a-calendar" }],
    ["a body that is no UTF-8", { body: new Uint8Array([0xff, 0xfe]) }, { problem: "not-a-calendar" }],
    ["400", { status: 400, body: refusal("timeRangeEmpty", "global") }, { problem: "server-error" }],
    [
      "403 rateLimitExceeded",
      { status: 403, body: refusal("rateLimitExceeded") },
      { problem: "rate-limited" },
    ],
    [
      "403 userRateLimitExceeded",
      { status: 403, body: refusal("userRateLimitExceeded") },
      { problem: "rate-limited" },
    ],
    ["403 quotaExceeded", { status: 403, body: refusal("quotaExceeded") }, { problem: "rate-limited" }],
    [
      "403 dailyLimitExceeded",
      { status: 403, body: refusal("dailyLimitExceeded") },
      { problem: "rate-limited" },
    ],
    [
      "403 rateLimitExceeded with a time to wait",
      { status: 403, body: refusal("rateLimitExceeded"), headers: RETRY },
      { problem: "rate-limited", retryAfterMs: 120_000 },
    ],
    ["429", { status: 429 }, { problem: "rate-limited" }],
    [
      "429 with a time to wait",
      { status: 429, headers: RETRY },
      { problem: "rate-limited", retryAfterMs: 120_000 },
    ],
    [
      "429 that waits for a date",
      { status: 429, headers: { "retry-after": new Date(NOW + 60_000).toUTCString() } },
      { problem: "rate-limited", retryAfterMs: 60_000 },
    ],
    ["403 forbidden", { status: 403, body: refusal("forbidden", "calendar") }, { problem: "unauthorized" }],
    [
      "403 insufficientPermissions",
      { status: 403, body: refusal("insufficientPermissions", "global") },
      { problem: "unauthorized" },
    ],
    [
      "403 accessNotConfigured",
      { status: 403, body: refusal("accessNotConfigured") },
      { problem: "server-error" },
    ],
    ["403 with a page", { status: 403, body: "<html>" }, { problem: "unauthorized" }],
    ["404", { status: 404 }, { problem: "not-found" }],
    ["410", { status: 410 }, { problem: "not-found" }],
    ["500", { status: 500 }, { problem: "server-error" }],
    [
      "503 with a time to wait",
      { status: 503, headers: RETRY },
      { problem: "server-error", retryAfterMs: 120_000 },
    ],
    ["a redirect", { status: 302, headers: { location: "/elsewhere" } }, { problem: "server-error" }],
    [
      "a redirect that repeats the request",
      { status: 307, headers: { location: "/elsewhere" } },
      { problem: "server-error" },
    ],
    ["a connection that breaks off", { body: '{"fine"', breaksOff: true }, { problem: "unreachable" }],
    [
      "a small answer that unpacks into a large one",
      { body: gzipSync(new Uint8Array(11 * 1024 * 1024)), headers: { "content-encoding": "gzip" } },
      { problem: "too-large" },
    ],
  ];
  it.each(cases)("%s", async (_, answer, expected) => {
    expect(await called(answer)).toEqual({ kind: "failed", ...expected });
    expect(google?.asked.map(({ path }) => path)).toEqual(["/calendar/v3/x"]);
  });

  it("an answer that does not come to its end is a timeout", async () => {
    expect(await called({ body: '{"fine"', hangs: true }, { timeoutMs: 200 })).toEqual({
      kind: "failed",
      problem: "timeout",
    });
  });

  it("a Google that is not there is unreachable", async () => {
    const gone = await startScriptedGoogle(() => ({}));
    await gone.stop();
    const answer = await findGoogleCalendars(accessUntil(), gone.settings, NOW);
    expect(answer).toEqual({ kind: "failed", problem: "unreachable" });
  });

  it("all calls of a question share one time limit", async () => {
    google = await startScriptedGoogle(() => ({ body: { fine: true } }));
    const { settings } = google;
    const answer = await withGoogle(
      { access: accessUntil(), settings, now: NOW, timeoutMs: 300 },
      async (call) => {
        for (;;) {
          const told = await call({ method: "GET", path: "/x" }, z.object({ fine: z.literal(true) }));
          if (told.kind === "failed") {
            return told;
          }
          await new Promise((later) => setTimeout(later, 50));
        }
      },
    );
    expect(answer).toEqual({ kind: "failed", problem: "timeout" });
  });
});

describe("tokens", () => {
  it("an access token is used for as long as it has more than a minute to live", async () => {
    expect(await called({ body: { fine: true } }, { access: accessUntil(NOW + 60_001) })).toEqual({
      kind: "fine",
    });
    expect(google?.asked).toEqual([
      { method: "GET", path: "/calendar/v3/x", authorization: "Bearer token-1", body: "" },
    ]);
  });

  it("one that ends sooner is renewed first, and the answer brings the access anew", async () => {
    const access = accessUntil(NOW + 60_000);
    expect(await called({ body: { fine: true } }, { access })).toEqual({
      kind: "fine",
      access: JSON.stringify({
        refreshToken: "refresh-1",
        accessToken: "token-2",
        accessUntil: NOW + 3_599_000,
        scope: JSON.parse(access).scope,
      }),
    });
    expect(google?.asked).toEqual([
      {
        method: "POST",
        path: "/token",
        body: "grant_type=refresh_token&refresh_token=refresh-1&client_id=client-1&client_secret=client-secret-1",
      },
      { method: "GET", path: "/calendar/v3/x", authorization: "Bearer token-2", body: "" },
    ]);
  });

  it("what Google says anew of refresh token and scopes is kept", async () => {
    const answer = await called(
      ({ path }) =>
        path === "/token"
          ? { body: { ...TOKENS, refresh_token: "refresh-2", scope: "other" } }
          : { body: { fine: true } },
      { access: accessUntil(0) },
    );
    expect(answer).toEqual({
      kind: "fine",
      access: JSON.stringify({
        refreshToken: "refresh-2",
        accessToken: "token-2",
        accessUntil: NOW + 3_599_000,
        scope: "other",
      }),
    });
  });

  it("a token that Google refuses before its time is renewed once", async () => {
    const answer = await called(({ path, authorization }) => {
      if (path === "/token") {
        return { body: TOKENS };
      }
      return authorization === "Bearer token-2" ? { body: { fine: true } } : { status: 401 };
    });
    expect(answer).toMatchObject({ kind: "fine", access: expect.stringContaining("token-2") });
    expect(google?.asked.map(({ path }) => path)).toEqual(["/calendar/v3/x", "/token", "/calendar/v3/x"]);
  });

  it("one that is refused again is unauthorized, and still comes back renewed", async () => {
    const answer = await called({ status: 401 });
    expect(answer).toEqual({
      kind: "failed",
      problem: "unauthorized",
      access: expect.stringContaining("token-2"),
    });
    expect(google?.asked).toHaveLength(3);
  });

  const refusals: readonly (readonly [string, Scripted, object])[] = [
    ["revoked by the host", { status: 400, body: { error: "invalid_grant" } }, { problem: "unauthorized" }],
    [
      "refused by a policy of the host's organisation",
      { status: 400, body: { error: "invalid_grant", error_subtype: "invalid_rapt" } },
      { problem: "unauthorized" },
    ],
    [
      "refused because Google does not know us",
      { status: 401, body: { error: "invalid_client" } },
      { problem: "server-error" },
    ],
    [
      "refused for another reason",
      { status: 400, body: { error: "invalid_request" } },
      { problem: "server-error" },
    ],
    [
      "refused too often",
      { status: 429, headers: { "retry-after": "7" } },
      { problem: "rate-limited", retryAfterMs: 7_000 },
    ],
    ["down", { status: 503 }, { problem: "server-error" }],
    ["answered with a page", { body: "<html>" }, { problem: "server-error" }],
    ["answered without a token", { body: { expires_in: 1 } }, { problem: "server-error" }],
    [
      "answered with a life that is no number",
      { body: { ...TOKENS, expires_in: "soon" } },
      { problem: "server-error" },
    ],
    [
      "answered with an endless token",
      { body: { ...TOKENS, access_token: "x".repeat(5_000) } },
      { problem: "server-error" },
    ],
  ];
  it.each(refusals)("renewing is %s", async (_, answer, expected) => {
    const told = await called(({ path }) => (path === "/token" ? answer : { body: { fine: true } }), {
      access: accessUntil(NOW),
    });
    expect(told).toEqual({ kind: "failed", ...expected });
    expect(google?.asked).toHaveLength(1);
  });

  it.each(["", "{", "null", "[]", '{"refreshToken":""}', '{"refreshToken":"x"}'])(
    "an access that is none (%s) is unauthorized, and nobody is asked",
    async (access) => {
      expect(await called({ body: { fine: true } }, { access })).toEqual({
        kind: "failed",
        problem: "unauthorized",
      });
      expect(google?.asked).toEqual([]);
    },
  );

  it("without a client secret none is sent", async () => {
    google = await startScriptedGoogle(({ path }) => ({ body: path === "/token" ? TOKENS : {} }));
    await findGoogleCalendars(accessUntil(0), { ...google.settings, GOOGLE_CLIENT_SECRET: "" }, NOW);
    expect(google.asked[0]?.body).toBe("grant_type=refresh_token&refresh_token=refresh-1&client_id=client-1");
  });
});

describe("addresses", () => {
  const refused: readonly (readonly [string, object])[] = [
    ["loopback where it is not allowed", { ALLOW_LOOPBACK: "" }],
    ["plain http elsewhere", { GOOGLE_URL: "http://google.example" }],
    ["no address at all", { GOOGLE_URL: "google" }],
    ["no client", { GOOGLE_CLIENT_ID: "" }],
  ];
  it.each(refused)("%s is refused", async (_, changed) => {
    const settings = { ...settingsFor("http://127.0.0.1:1"), ...changed };
    expect(await findGoogleCalendars(accessUntil(), settings, NOW)).toEqual({
      kind: "failed",
      problem: "refused-address",
    });
  });
});
