import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { readSignedCookie, signedCookie } from "../../worker/signed-cookie.ts";
import {
  clearedSessionCookie,
  endWebSession,
  readWebSession,
  startWebSession,
} from "../../worker/web-session.ts";

const DAY = 24 * 60 * 60_000;
const ALICE = { did: "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", handle: "alice.test" };

/** A request of a browser that took this `Set-Cookie` value. */
function withCookie(setCookie: string): Request {
  const [pair = ""] = setCookie.split(";");
  return new Request(env.PUBLIC_URL, { headers: { cookie: `theme=dark; ${pair}; other=1` } });
}

describe("a web session", () => {
  it("says who is signed in", async () => {
    const now = Date.now();
    const request = withCookie(await startWebSession(env, ALICE, now));
    expect(await readWebSession(request, env, now)).toMatchObject(ALICE);
  });

  it("is a cookie that no script, no other host and no other site's form can use", async () => {
    const setCookie = await startWebSession(env, ALICE, Date.now());
    expect(setCookie).toMatch(
      /^__Host-session=[\w.-]+; Path=\/; HttpOnly; Secure; SameSite=Lax; Max-Age=604800$/,
    );
    expect(clearedSessionCookie()).toBe("__Host-session=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0");
  });

  it("lasts seven days and not longer", async () => {
    const now = Date.now();
    const request = withCookie(await startWebSession(env, ALICE, now));
    expect(await readWebSession(request, env, now + 7 * DAY - 2_000)).toMatchObject(ALICE);
    expect(await readWebSession(request, env, now + 7 * DAY + 2_000)).toBeUndefined();
  });

  it("that was ended is over at once in this isolate", async () => {
    const now = Date.now();
    const request = withCookie(await startWebSession(env, ALICE, now));
    const session = await readWebSession(request, env, now);
    if (session === undefined) throw new Error("not signed in");
    await endWebSession(env, session);
    expect(await readWebSession(request, env, now)).toBeUndefined();
  });

  it("that was ended elsewhere is over here within 30 seconds", async () => {
    const now = Date.now();
    const request = withCookie(await startWebSession(env, ALICE, now));
    await readWebSession(request, env, now);
    const { keys } = await env.WEB_SESSIONS.list();
    await Promise.all(keys.map(({ name }) => env.WEB_SESSIONS.delete(name)));
    expect(await readWebSession(request, env, now + 29_000)).toMatchObject(ALICE);
    expect(await readWebSession(request, env, now + 30_000)).toBeUndefined();
  });
});

describe("a session cookie that we did not write so", () => {
  const now = Date.now();
  const claims = { jti: "id", sub: ALICE.did, handle: ALICE.handle };
  const kind = { name: "__Host-session", lifeSeconds: 60 } as const;
  const otherKey = { ...env, WEB_SESSION_KEY: btoa("k".repeat(32)) };

  it.each([
    ["nothing", async () => "__Host-session="],
    ["nonsense", async () => "__Host-session=a.b.c"],
    ["signed with another key", () => signedCookie(kind, claims, otherKey, now)],
    [
      "signed for another broker",
      () => signedCookie(kind, claims, { ...env, PUBLIC_URL: "https://x.example" }, now),
    ],
    [
      "a sign-in cookie under another name",
      async () =>
        (await signedCookie({ ...kind, name: "__Host-sign-in" }, claims, env, now)).replace(
          "sign-in",
          "session",
        ),
    ],
    [
      "signed by nobody",
      async () =>
        `__Host-session=${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(claims))}.`.replaceAll("=.", "."),
    ],
    [
      "under a name without the prefix",
      async () => (await signedCookie(kind, claims, env, now)).replace("__Host-", ""),
    ],
  ])("is nobody's: %s", async (_what, setCookie) => {
    expect(await readSignedCookie(kind, withCookie(await setCookie()), env, now)).toBeUndefined();
    expect(await readWebSession(withCookie(await setCookie()), env, now)).toBeUndefined();
  });

  it("with one letter changed is nobody's", async () => {
    const setCookie = await startWebSession(env, ALICE, now);
    const at = setCookie.indexOf(".") + 5;
    const changed = setCookie.slice(0, at) + (setCookie[at] === "A" ? "B" : "A") + setCookie.slice(at + 1);
    expect(await readWebSession(withCookie(changed), env, now)).toBeUndefined();
  });
});

it("a WEB_SESSION_KEY that is too short is refused rather than used", async () => {
  const weak = { ...env, WEB_SESSION_KEY: "c2hvcnQ" };
  await expect(startWebSession(weak, ALICE, Date.now())).rejects.toThrow(/WEB_SESSION_KEY must be/);
});
