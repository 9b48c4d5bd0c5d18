import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { callback, login, logout, session } from "../../worker/routes/auth.ts";
import { clientMetadata, didDocument, jwks } from "../../worker/routes/well-known.ts";
import { AccountNetwork, handleOf, newDid } from "../durable-objects/account/account-network.ts";

const HOME = env.PUBLIC_URL;
const BROWSER = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

let network: AccountNetwork;
let alice: string;

beforeEach(() => {
  network = new AccountNetwork().listen();
  alice = newDid();
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** One browser: it keeps the cookies it is given and sends them along. */
class Browser {
  readonly #cookies = new Map<string, string>();

  async post(path: string, body?: object, headers: HeadersInit = { origin: HOME }): Promise<Response> {
    const handler = path === "/api/auth/login" ? login : logout;
    const init = {
      method: "POST",
      headers: this.#with(headers),
      ...(body && { body: JSON.stringify(body) }),
    };
    return this.#keep(await handler(new Request(`${HOME}${path}`, init), env));
  }

  async comesBack(params: string, headers: HeadersInit = BROWSER): Promise<Response> {
    const request = new Request(`${HOME}/api/auth/callback${params}`, { headers: this.#with(headers) });
    return this.#keep(await callback(request, env));
  }

  async whoAmI(): Promise<unknown> {
    const request = new Request(`${HOME}/api/auth/session`, { headers: this.#with({}) });
    return (await session(request, env)).json();
  }

  /** Up to the point where the authorization server sends the browser back. */
  async approvesSignIn(body: object = { actor: handleOf(alice) }, sub = alice): Promise<string> {
    const answer = await this.post("/api/auth/login", body);
    const { url } = await answer.json<{ url: string }>();
    return network.approve(url, { sub });
  }

  #with(headers: HeadersInit): Headers {
    const all = new Headers(headers);
    all.set("cookie", [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    return all;
  }

  #keep(response: Response): Response {
    for (const setCookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(setCookie) ?? [];
      if (/Max-Age=0/.test(setCookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }
}

describe("signing in", () => {
  it("leads to the authorization server, back to where they were, and says who they are", async () => {
    const browser = new Browser();
    const params = await browser.approvesSignIn({ actor: handleOf(alice), returnTo: "/book/bob?x=1#slots" });
    const answer = await browser.comesBack(params);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/book/bob?x=1#slots");
    expect(await browser.whoAmI()).toEqual({
      account: { did: alice, handle: handleOf(alice), canPublish: false },
    });
  });

  it("for publishing says that they can publish", async () => {
    const browser = new Browser();
    await browser.comesBack(await browser.approvesSignIn({ actor: alice, purpose: "publish" }));
    expect(await browser.whoAmI()).toMatchObject({ account: { did: alice, canPublish: true } });
  });

  it.each([
    ["taken", true, "/settings?x=1#email", "/settings?x=1&email=taken#email"],
    ["none", false, "/settings?email=taken", "/settings?email=none"],
    ["none", false, "//evil.example", "/?email=none"],
  ])("for their address says on the way back what became of it: %s", async (_, isConfirmed, from, back) => {
    const browser = new Browser();
    network.answers.set("/xrpc/com.atproto.server.getSession", () =>
      Response.json({
        did: alice,
        email: `alice@${crypto.randomUUID()}.example`,
        emailConfirmed: isConfirmed,
      }),
    );
    const params = await browser.approvesSignIn({ actor: alice, purpose: "email", returnTo: from });
    expect((await browser.comesBack(params)).headers.get("location")).toBe(back);
  });

  it.each([
    ["https://evil.example/x"],
    ["//evil.example/x"],
    ["/\\evil.example/x"],
    ["/\t/evil.example"],
    ["javascript:alert(1)"],
    ["evil"],
    ["\\\\evil.example"],
    ["/.//evil.example"],
    ["/%2e//evil.example/x"],
    ["/x/..//evil.example"],
  ])("never leads to another site afterwards: %j", async (returnTo) => {
    const browser = new Browser();
    const answer = await browser.comesBack(await browser.approvesSignIn({ actor: alice, returnTo }));
    expect(answer.headers.get("location")).toBe("/");
  });

  it("begun in one browser is nothing in another, which stays as it was", async () => {
    const params = await new Browser().approvesSignIn();
    const victim = new Browser();
    await victim.comesBack(await victim.approvesSignIn());
    const before = await victim.whoAmI();
    const answer = await victim.comesBack(params);
    expect(answer.status).toBe(400);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await victim.whoAmI()).toEqual(before);
  });

  it("works once, also while the sign-in cookie is still there", async () => {
    const browser = new Browser();
    const params = await browser.approvesSignIn();
    await browser.comesBack(params);
    const again = await browser.approvesSignIn();
    const answer = await browser.comesBack(params, { accept: "application/json" });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: "UnknownSignIn" }]);
    expect((await browser.comesBack(again)).status).toBe(303);
  });

  it("as somebody else than they said is refused clearly", async () => {
    const browser = new Browser();
    const answer = await browser.comesBack(await browser.approvesSignIn({ actor: alice }, newDid()), {});
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: "OtherAccount" }]);
    expect(await browser.whoAmI()).toEqual({ account: null });
  });

  it("again ends the session that was there before", async () => {
    const browser = new Browser();
    await browser.comesBack(await browser.approvesSignIn());
    await browser.comesBack(await browser.approvesSignIn());
    const { keys } = await env.WEB_SESSIONS.list({ prefix: `web-session ${alice} ` });
    expect(keys).toHaveLength(1);
  });

  it("from another site's page is refused", async () => {
    const answer = await new Browser().post(
      "/api/auth/login",
      { actor: alice },
      { origin: "https://evil.example" },
    );
    expect([answer.status, await answer.json()]).toMatchObject([403, { error: "CrossSiteRequest" }]);
  });

  it("at another address of this site goes on at PUBLIC_URL, where the cookies will be", async () => {
    const request = new Request("http://localhost:8787/api/auth/login", {
      method: "POST",
      headers: { origin: "http://localhost:8787" },
      body: JSON.stringify({ actor: "alice.test", returnTo: "/book/bob" }),
    });
    expect(await (await login(request, env)).json()).toEqual({
      url: `${HOME}/auth/login?actor=alice.test&purpose=book&returnTo=%2Fbook%2Fbob`,
    });
  });

  it.each([["/.//evil.example"], ["/x/..//evil.example"]])(
    "at another address of this site does not take along %j, which would lead to another site",
    async (returnTo) => {
      const request = new Request("http://localhost:8787/api/auth/login", {
        method: "POST",
        headers: { origin: "http://localhost:8787" },
        body: JSON.stringify({ actor: "alice.test", returnTo }),
      });
      const { url } = await (await login(request, env)).json<{ url: string }>();
      expect(new URL(url).searchParams.get("returnTo")).toBe("/");
    },
  );

  it.each([
    [400, "InvalidRequest", {}],
    [400, "InvalidRequest", { actor: "" }],
    [400, "InvalidRequest", { actor: "alice.test", purpose: "everything" }],
    [400, "InvalidRequest", { actor: "alice.test", returnTo: 5 }],
    [404, "HostNotFound", { actor: "not a handle" }],
    [404, "HostNotFound", { actor: "did:web:127.0.0.1" }],
    [404, "HostNotFound", { actor: "did:web:localhost%3A8787" }],
  ])("answers %i %s to %j", async (status, error, body) => {
    const answer = await new Browser().post("/api/auth/login", body);
    expect([answer.status, await answer.json()]).toMatchObject([status, { error }]);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});

describe("a callback that fails", () => {
  it("is a plain page without script for a browser", async () => {
    const answer = await new Browser().comesBack("?state=<script>alert(1)</script>&code=1");
    const page = await answer.text();
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page).not.toContain("<script");
    expect(page).toContain("/auth/login");
  });

  it.each([["application/json"], ["*/*"], ["application/json, text/html;q=0.5"], ["text/html;q=0"]])(
    "is JSON for a caller that accepts %s",
    async (accept) => {
      const answer = await new Browser().comesBack("?state=x&code=1", { accept });
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: "UnknownSignIn" }]);
    },
  );
});

describe("signing out", () => {
  it("ends the web session and the OAuth session", async () => {
    const browser = new Browser();
    await browser.comesBack(await browser.approvesSignIn({ actor: alice, purpose: "publish" }));
    expect((await browser.post("/api/auth/logout")).status).toBe(204);
    expect(await browser.whoAmI()).toEqual({ account: null });
    expect(await env.ACCOUNT.getByName(alice).canPublish()).toBe(false);
    expect(network.revoked).toHaveLength(1);
  });

  it("from another site's page is refused and signs nobody out", async () => {
    const browser = new Browser();
    await browser.comesBack(await browser.approvesSignIn());
    const answer = await browser.post("/api/auth/logout", undefined, { origin: "https://evil.example" });
    expect(answer.status).toBe(403);
    expect(await browser.whoAmI()).toMatchObject({ account: { did: alice } });
  });

  it("is fine for somebody who is not signed in", async () => {
    expect((await new Browser().post("/api/auth/logout")).status).toBe(204);
  });
});

describe("the documents by which others find us", () => {
  it("are JSON that says where we are and shows no private key", async () => {
    const request = new Request(HOME);
    const did = await didDocument(request, env);
    expect(await did.json()).toMatchObject({
      id: env.BROKER_DID,
      service: [{ id: "#broker", type: "SchedulingBroker", serviceEndpoint: HOME }],
    });
    const metadata = await clientMetadata(request, env);
    expect(metadata.headers.get("content-type")).toBe("application/json");
    expect(await metadata.json()).toMatchObject({ redirect_uris: [`${HOME}/api/auth/callback`] });
    expect(await (await jwks(request, env)).json()).toEqual({ keys: [] });
  });
});
