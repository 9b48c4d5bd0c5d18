import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";

import { canWrite, READ_SCOPES, WRITE_SCOPE } from "../../../../adapters/calendars/google/google-access.ts";
import {
  finishConsent,
  newConsent,
  revokeAccess,
} from "../../../../adapters/calendars/google/google-consent.ts";
import type { ConsentAnswer } from "../../../../adapters/calendars/google/google-consent.ts";
import type { SourceSettings } from "../../../../adapters/calendars/source.ts";
import { accessUntil, NOW, settingsFor, startScriptedGoogle, TOKENS } from "./scripted-google.ts";
import type { Scripted, ScriptedGoogle } from "./scripted-google.ts";

const REDIRECT_URI = "https://cal.example/oauth/google/callback";
const BOTH = [...READ_SCOPES, WRITE_SCOPE];

let google: ScriptedGoogle | undefined;
afterEach(async () => {
  await google?.stop();
  google = undefined;
});

describe("asking for consent", () => {
  it("sends the host to Google with everything a refresh token and PKCE need", async () => {
    const settings = { ...settingsFor(""), ALLOW_LOOPBACK: "" };
    const consent = await newConsent(settings, {
      redirectUri: REDIRECT_URI,
      write: true,
      loginHint: "alice@x.example",
    });
    const url = new URL(consent?.url ?? "");
    expect(url.origin + url.pathname).toBe("https://accounts.google.com/o/oauth2/v2/auth");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: "code",
      client_id: "client-1",
      redirect_uri: REDIRECT_URI,
      scope:
        "https://www.googleapis.com/auth/calendar.events.freebusy https://www.googleapis.com/auth/calendar.calendarlist.readonly https://www.googleapis.com/auth/calendar.events.owned",
      state: consent?.state,
      code_challenge: createHash("sha256")
        .update(consent?.verifier ?? "")
        .digest("base64url"),
      code_challenge_method: "S256",
      access_type: "offline",
      prompt: "consent",
      include_granted_scopes: "true",
      login_hint: "alice@x.example",
    });
    expect(consent?.url).not.toContain(consent?.verifier);
  });

  it("asks for no more than reading where nothing is to be written, and names no account it does not know", async () => {
    const consent = await newConsent(settingsFor(""), { redirectUri: REDIRECT_URI, write: false });
    const { searchParams } = new URL(consent?.url ?? "");
    expect(searchParams.get("scope")).toBe(READ_SCOPES.join(" "));
    expect(searchParams.has("login_hint")).toBe(false);
  });

  it("is another secret each time, of the length that RFC 7636 asks for", async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, () =>
        newConsent(settingsFor(""), { redirectUri: REDIRECT_URI, write: false }),
      ),
    );
    const secrets = made.flatMap((consent) => [consent?.state ?? "", consent?.verifier ?? ""]);
    expect(new Set(secrets).size).toBe(40);
    expect(secrets.every((secret) => /^[\w-]{43}$/.test(secret))).toBe(true);
  });

  const unknown: readonly (readonly [string, Partial<SourceSettings>])[] = [
    ["Google does not know this broker", { GOOGLE_CLIENT_ID: "" }],
    ["Google is on this machine, and that is not allowed", { ALLOW_LOOPBACK: "" }],
    ["Google is at no address", { GOOGLE_URL: "google" }],
  ];
  it.each(unknown)("is not offered where %s", async (_, changed) => {
    const settings = { ...settingsFor("http://127.0.0.1:1"), ...changed };
    expect(await newConsent(settings, { redirectUri: REDIRECT_URI, write: false })).toBeUndefined();
  });

  it("goes to the same paths below GOOGLE_URL, whatever that ends in", async () => {
    const settings = settingsFor("https://google.example/stand-in/?x#y");
    const consent = await newConsent(settings, { redirectUri: REDIRECT_URI, write: false });
    expect(consent?.url).toMatch(/^https:\/\/google\.example\/stand-in\/o\/oauth2\/v2\/auth\?response_type/);
  });
});

describe("coming back", () => {
  async function finished(answer: Scripted, write = true): Promise<ConsentAnswer> {
    google = await startScriptedGoogle(() => answer);
    return finishConsent(
      google.settings,
      { code: "code-1", verifier: "verifier-1", redirectUri: REDIRECT_URI, write },
      NOW,
    );
  }

  it("trades the code for tokens", async () => {
    const scope = BOTH.join(" ");
    const answer = await finished({ body: { ...TOKENS, refresh_token: "refresh-1", scope } });
    const access = JSON.stringify({
      refreshToken: "refresh-1",
      accessToken: "token-2",
      accessUntil: NOW + 3_599_000,
      scope,
    });
    expect(answer).toEqual({ kind: "granted", access, missing: [] });
    expect(canWrite(access)).toBe(true);
    expect(google?.asked).toMatchObject([{ method: "POST", path: "/token" }]);
    expect(Object.fromEntries(new URLSearchParams(String(google?.asked[0]?.body)))).toEqual({
      grant_type: "authorization_code",
      code: "code-1",
      code_verifier: "verifier-1",
      redirect_uri: REDIRECT_URI,
      client_id: "client-1",
      client_secret: "client-secret-1",
    });
  });

  const grants: readonly (readonly [string, readonly string[], boolean, readonly string[]])[] = [
    ["all of them", BOTH, true, []],
    ["more, from an earlier consent", [...BOTH, "openid"], true, []],
    ["writing, which was not asked for", BOTH, false, []],
    ["no writing", READ_SCOPES, true, [WRITE_SCOPE]],
    ["no list of calendars", [BOTH[0] ?? "", WRITE_SCOPE], true, [BOTH[1] ?? ""]],
    ["something that only begins alike", READ_SCOPES.map((scope) => `${scope}.x`), false, READ_SCOPES],
    ["nothing", [], true, BOTH],
  ];
  it.each(grants)("says which scopes were unticked: granted %s", async (_, scopes, write, missing) => {
    const scope = scopes.join(" ");
    const answer = await finished({ body: { ...TOKENS, refresh_token: "refresh-1", scope } }, write);
    expect(answer).toMatchObject({ kind: "granted", missing });
    expect(canWrite(answer.kind === "granted" ? answer.access : "")).toBe(scopes.includes(WRITE_SCOPE));
  });

  it("takes silence about scopes for all that were asked for", async () => {
    const answer = await finished({ body: { ...TOKENS, refresh_token: "refresh-1" } });
    expect(answer).toMatchObject({ kind: "granted", missing: [] });
  });

  const failures: readonly (readonly [string, Scripted, string])[] = [
    ["a code that is not valid", { status: 400, body: { error: "invalid_grant" } }, "unauthorized"],
    ["no refresh token", { body: { ...TOKENS, scope: BOTH.join(" ") } }, "unauthorized"],
    [
      "a broker that Google does not know",
      { status: 401, body: { error: "invalid_client" } },
      "server-error",
    ],
    ["an outage", { status: 502, body: "<html>" }, "server-error"],
  ];
  it.each(failures)("fails with %s", async (_, answer, problem) => {
    expect(await finished(answer)).toEqual({ kind: "failed", problem });
  });
});

describe("taking consent back", () => {
  const outcomes: readonly (readonly [string, Scripted, object])[] = [
    ["is done", { body: {} }, { kind: "done" }],
    [
      "is done where it was not valid any more",
      { status: 400, body: { error: "invalid_token" } },
      { kind: "done" },
    ],
    ["fails while Google is down", { status: 503 }, { kind: "failed", problem: "server-error" }],
    [
      "fails where Google refuses",
      { status: 400, body: { error: "invalid_request" } },
      { kind: "failed", problem: "server-error" },
    ],
  ];
  it.each(outcomes)("%s", async (_, answer, expected) => {
    google = await startScriptedGoogle(() => answer);
    expect(await revokeAccess(accessUntil(), google.settings, NOW)).toEqual(expected);
    expect(google.asked).toEqual([{ method: "POST", path: "/revoke", body: "token=refresh-1" }]);
  });

  it("has nothing to do for what is no access", async () => {
    expect(await revokeAccess("", settingsFor("http://127.0.0.1:1"), NOW)).toEqual({ kind: "done" });
  });
});
