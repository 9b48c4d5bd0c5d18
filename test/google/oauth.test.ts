import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startCheckedGoogle } from "./support/checked-google.ts";
import type { CheckedGoogle } from "./support/checked-google.ts";
import { CLIENT, call, consentUrl, decide, pkce, scopesOf, signIn, token } from "./support/visitor.ts";

const ALICE = "alice@gmail.example";
const PUBLIC_CLIENT = { id: "installed.apps.example.com", redirectUris: ["http://127.0.0.1:9/installed"] };
const TESTING_CLIENT = { ...CLIENT, id: "testing.apps.example.com", isTesting: true };
const WEEK = 7 * 86_400_000;

let google: CheckedGoogle;

beforeAll(async () => {
  google = await startCheckedGoogle();
  google.seed({
    clients: [CLIENT, PUBLIC_CLIENT, TESTING_CLIENT],
    accounts: [{ email: ALICE }, { email: "bob@gmail.example" }],
  });
});
afterAll(async () => {
  await google.stop();
  expect(google.problems).toEqual([]);
});

/** A code for calendar.readonly, with what is needed to change it for tokens. */
async function codeFor(overrides: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  const { verifier, challenge } = pkce();
  const url = consentUrl(google, {
    prompt: "consent",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...overrides,
  });
  const back = await decide(url, { email: ALICE, ticked: ["calendar.readonly"] });
  return {
    grant_type: "authorization_code",
    code: back.searchParams.get("code") ?? "",
    redirect_uri: overrides["redirect_uri"] ?? CLIENT.redirectUris[0] ?? "",
    code_verifier: verifier,
  };
}

describe("the consent page", () => {
  it("asks for every scope by a box of its own, and chooses the account that is hinted at", async () => {
    const scope = scopesOf("calendar.freebusy", "calendar.events.owned");
    const page = await fetch(consentUrl(google, { scope, login_hint: "bob@gmail.example" }));
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain('<input type="checkbox" name="scope" value="calendar.freebusy">');
    expect(html).toContain("<option selected>bob@gmail.example</option>");
  });

  it("gives back the state, the code and the scopes that were ticked", async () => {
    const scope = scopesOf("calendar.freebusy", "calendar.events.owned");
    const back = await decide(consentUrl(google, { scope }), { email: ALICE, ticked: ["calendar.freebusy"] });
    expect(back.origin + back.pathname).toBe(CLIENT.redirectUris[0]);
    expect(back.searchParams.get("state")).toBe("state-1");
    expect(back.searchParams.get("scope")).toBe(scopesOf("calendar.freebusy"));
    expect(back.searchParams.get("code")).toMatch(/^4\//);
  });

  it.each([
    ["cancelled", { email: ALICE, ticked: ["calendar.readonly"], decision: "cancel" as const }],
    ["nothing ticked", { email: ALICE, ticked: [] }],
  ])("says access_denied: %s", async (_, choice) => {
    const back = await decide(consentUrl(google), choice);
    expect(back.searchParams.get("error")).toBe("access_denied");
    expect(back.searchParams.get("state")).toBe("state-1");
    expect(back.searchParams.has("code")).toBe(false);
  });

  it.each([
    [401, "invalid_client", { client_id: "nobody" }],
    [400, "redirect_uri_mismatch", { redirect_uri: `${CLIENT.redirectUris[0]}/` }],
    [400, "unsupported_response_type", { response_type: "token" }],
    [400, "invalid_scope", { scope: "https://www.googleapis.com/auth/drive" }],
    [400, "invalid_request", { scope: "" }],
    [400, "invalid_request", { code_challenge: "abc", code_challenge_method: "S256" }],
  ])("refuses with a page of %i %s, and sends nobody anywhere", async (status, problem, overrides) => {
    const page = await fetch(consentUrl(google, overrides), { redirect: "manual" });
    expect(page.status).toBe(status);
    expect(await page.text()).toContain(problem);
  });
});

describe("codes", () => {
  it("become tokens once", async () => {
    const form = await codeFor();
    const first = await token(google, form);
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      access_token: expect.stringMatching(/^ya29\./),
      expires_in: 3599,
      refresh_token: expect.stringMatching(/^1\/\//),
      scope: scopesOf("calendar.readonly"),
      token_type: "Bearer",
    });
    const second = await token(google, form);
    expect(second.status).toBe(400);
    expect(second.body).toEqual({ error: "invalid_grant", error_description: "Bad Request" });
  });

  it("die after ten minutes", async () => {
    const form = await codeFor();
    google.advance({ ms: 600_001 });
    expect((await token(google, form)).body).toMatchObject({ error: "invalid_grant" });
  });

  it.each([
    [400, "invalid_grant", { code_verifier: pkce().verifier }],
    [400, "invalid_request", { code_verifier: "short" }],
    [400, "redirect_uri_mismatch", { redirect_uri: "http://127.0.0.1:9/elsewhere" }],
    [400, "invalid_grant", { code: "made-up" }],
    [401, "invalid_client", { client_secret: "wrong" }],
    [401, "invalid_client", { client_id: "nobody" }],
    [401, "unauthorized_client", { client_id: PUBLIC_CLIENT.id }],
    [400, "unsupported_grant_type", { grant_type: "password" }],
  ])("are refused with %i %s for %o", async (status, error, overrides) => {
    const answer = await token(google, { ...(await codeFor()), ...overrides });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error });
  });

  it("are refused without the verifier they were asked for with", async () => {
    const { code_verifier: _, ...form } = await codeFor();
    const answer = await token(google, form);
    expect(answer.body).toEqual({ error: "invalid_grant", error_description: "Missing code verifier." });
  });

  it("need no secret from a client that has none", async () => {
    const redirect_uri = PUBLIC_CLIENT.redirectUris[0] ?? "";
    const form = await codeFor({ client_id: PUBLIC_CLIENT.id, redirect_uri });
    const body = new URLSearchParams({ ...form, client_id: PUBLIC_CLIENT.id });
    expect((await fetch(`${google.url}/token`, { method: "POST", body })).status).toBe(200);
  });

  it("are refused as JSON", async () => {
    const answer = await fetch(`${google.url}/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(await codeFor()),
    });
    expect(answer.status).toBe(400);
  });
});

describe("refresh tokens", () => {
  it("come with the first consent and with prompt=consent only, and never without access_type=offline", async () => {
    const has = async (overrides: Readonly<Record<string, string>>): Promise<boolean> =>
      "refresh_token" in ((await token(google, await codeFor(overrides))).body as object);
    google.revokeGrant({ email: ALICE });
    expect(await has({ prompt: "" })).toBe(true);
    expect(await has({ prompt: "" })).toBe(false);
    expect(await has({ prompt: "consent" })).toBe(true);
    expect(await has({ prompt: "consent", access_type: "online" })).toBe(false);
  });

  it("give access tokens without another refresh token, also of fewer scopes", async () => {
    const tokens = await signIn(google, ALICE, "calendar.freebusy", "calendar.events.owned");
    const refresh = { grant_type: "refresh_token", refresh_token: tokens.refresh_token ?? "" };
    const all = await token(google, refresh);
    expect(all.body).toMatchObject({ scope: scopesOf("calendar.freebusy", "calendar.events.owned") });
    expect(all.body).not.toHaveProperty("refresh_token");
    const fewer = await token(google, { ...refresh, scope: scopesOf("calendar.freebusy") });
    expect(fewer.body).toMatchObject({ scope: scopesOf("calendar.freebusy") });
    const more = await token(google, { ...refresh, scope: scopesOf("calendar") });
    expect(more.body).toMatchObject({ error: "invalid_scope" });
  });

  it("die with the grant, and say so in Google's words", async () => {
    const tokens = await signIn(google, ALICE, "calendar.readonly");
    expect(google.revokeGrant({ email: ALICE, clientId: CLIENT.id })).toBe(1);
    const answer = await token(google, {
      grant_type: "refresh_token",
      refresh_token: tokens.refresh_token ?? "",
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      error: "invalid_grant",
      error_description: "Token has been expired or revoked.",
    });
    expect((await call(google, tokens.access_token, "GET /users/me/calendarList")).status).toBe(401);
  });

  it("of a client in testing die after a week", async () => {
    const form = await codeFor({ client_id: TESTING_CLIENT.id });
    const { body } = await token(google, { ...form, client_id: TESTING_CLIENT.id });
    expect(body).toMatchObject({ refresh_token_expires_in: 604_799 });
    const refresh_token = (body as { refresh_token: string }).refresh_token;
    google.advance({ ms: WEEK });
    const late = await token(google, {
      grant_type: "refresh_token",
      refresh_token,
      client_id: TESTING_CLIENT.id,
    });
    expect(late.body).toMatchObject({ error: "invalid_grant" });
  });

  it("are a hundred at most, and the oldest dies silently", async () => {
    const first = await signIn(google, ALICE, "calendar.readonly");
    for (let made = 0; made < 100; made += 1) await signIn(google, ALICE, "calendar.readonly");
    const refresh_token = first.refresh_token ?? "";
    const answer = await token(google, { grant_type: "refresh_token", refresh_token });
    expect(answer.body).toMatchObject({ error: "invalid_grant" });
  });
});

describe("grants", () => {
  it("add up with include_granted_scopes, and not without", async () => {
    google.revokeGrant({ email: ALICE });
    await signIn(google, ALICE, "calendar.freebusy");
    const scope = scopesOf("calendar.events.owned");
    const choice = { email: ALICE, ticked: ["calendar.events.owned"] };
    const alone = await decide(consentUrl(google, { scope }), choice);
    expect(alone.searchParams.get("scope")).toBe(scope);
    const both = await decide(consentUrl(google, { scope, include_granted_scopes: "true" }), choice);
    expect(both.searchParams.get("scope")).toBe(scopesOf("calendar.freebusy", "calendar.events.owned"));
  });

  it("end with any of their tokens at /revoke, once", async () => {
    const tokens = await signIn(google, ALICE, "calendar.readonly");
    const revoke = (): Promise<Response> =>
      fetch(`${google.url}/revoke`, {
        method: "POST",
        body: new URLSearchParams({ token: tokens.access_token }),
      });
    expect((await revoke()).status).toBe(200);
    const again = await revoke();
    expect(again.status).toBe(400);
    expect(await again.json()).toEqual({
      error: "invalid_token",
      error_description: "Token expired or revoked",
    });
    const refresh_token = tokens.refresh_token ?? "";
    expect((await token(google, { grant_type: "refresh_token", refresh_token })).status).toBe(400);
  });
});

describe("access tokens", () => {
  it("end after an hour, or when a test says so", async () => {
    const status = async (accessToken: string): Promise<number> =>
      (await call(google, accessToken, "GET /users/me/calendarList")).status;
    const one = await signIn(google, ALICE, "calendar.readonly");
    expect(await status(one.access_token)).toBe(200);
    google.expireAccessTokens();
    expect(await status(one.access_token)).toBe(401);
    const other = await signIn(google, ALICE, "calendar.readonly");
    google.advance({ ms: 3_599_000 });
    const answer = await call(google, other.access_token, "GET /users/me/calendarList");
    expect(answer.body).toMatchObject({
      error: { code: 401, status: "UNAUTHENTICATED", errors: [{ reason: "authError" }] },
    });
    expect(answer.headers.get("www-authenticate")).toContain("invalid_token");
  });

  it("do only what their scopes cover", async () => {
    const { access_token } = await signIn(google, ALICE, "calendar.freebusy");
    const answer = await call(google, access_token, "GET /users/me/calendarList");
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({
      error: {
        errors: [{ reason: "insufficientPermissions" }],
        details: [
          {
            reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            metadata: { method: "calendar.v3.CalendarList.List" },
          },
        ],
      },
    });
  });
});
