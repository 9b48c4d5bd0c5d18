import { Buffer } from "node:buffer";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { calendarOf, given } from "../support/booker.ts";
import { googleOnTheNetwork } from "../support/google-on-the-network.ts";
import { hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { inStorage, stoppedClock } from "../support/time.ts";

const MINUTE_MS = 60_000;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

/** A host who may consent at a Google. */
async function consentingHost() {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  await calendarOf(host.did).getHost();
  const google = googleOnTheNetwork("a");
  await google.givenTo(host.did);
  const begins = async (wanted: { connectionId?: string; write?: boolean } = {}): Promise<URL> =>
    new URL(
      given(await calendarOf(host.did).beginGoogleConsent({ write: false, ...wanted })) ?? "about:blank",
    );
  const state = (page: URL): string => page.searchParams.get("state") ?? "";
  const finishes = (broughtState: string, did = host.did) =>
    calendarOf(did).finishGoogleConsent({ state: broughtState, code: "code" });
  return { clock, host, google, begins, state, finishes };
}

describe("a consent", () => {
  it("that was begun here becomes an access, for the connection it was begun for", async () => {
    const { google, begins, state, finishes } = await consentingHost();
    const page = await begins({ connectionId: "c1", write: true });
    expect(page.searchParams.get("redirect_uri")).toBe(`${env.PUBLIC_URL}/api/calendar/google/callback`);
    expect(page.searchParams.get("scope")).toContain("calendar.events.owned");
    expect(await finishes(state(page))).toEqual({
      kind: "granted",
      access: expect.any(String),
      connectionId: "c1",
    });
    const form = new URLSearchParams(google.asked[0]?.body);
    expect(form.get("redirect_uri")).toBe(page.searchParams.get("redirect_uri"));
    const verifier = new TextEncoder().encode(form.get("code_verifier") ?? "");
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", verifier));
    expect(page.searchParams.get("code_challenge")).toBe(Buffer.from(digest).toString("base64url"));
  });

  it("for reading asks for reading only, and makes a new connection", async () => {
    const { begins, state, finishes } = await consentingHost();
    const page = await begins();
    expect(page.searchParams.get("scope")).not.toContain("calendar.events.owned");
    expect(await finishes(state(page))).toEqual({ kind: "granted", access: expect.any(String) });
  });

  it("is taken once, be two brought at the same time", async () => {
    const { google, begins, state, finishes } = await consentingHost();
    const begun = state(await begins());
    const outcomes = await Promise.all([finishes(begun), finishes(begun), finishes(begun)]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["granted", "unknown", "unknown"]);
    expect(await finishes(begun)).toEqual({ kind: "unknown" });
    expect(google.linesWith("POST /token")).toHaveLength(1);
  });

  it("is taken though Google would not have it: whoever comes again begins again", async () => {
    const { google, begins, state, finishes } = await consentingHost();
    const begun = state(await begins());
    google.answers(() => Response.json({ error: "invalid_grant" }, { status: 400 }));
    expect(await finishes(begun)).toEqual({ kind: "failed" });
    google.answers((_asked, go) => go());
    expect(await finishes(begun)).toEqual({ kind: "unknown" });
  });

  it("of which a box was not ticked is incomplete", async () => {
    const { google, begins, state, finishes } = await consentingHost();
    const begun = state(await begins({ write: true }));
    const tokens = { access_token: "t", expires_in: 3_599, refresh_token: "r" };
    const scope = "https://www.googleapis.com/auth/calendar.events.freebusy";
    google.answers(() => Response.json({ ...tokens, scope }));
    expect(await finishes(begun)).toEqual({ kind: "incomplete" });
    const reading = `${scope} https://www.googleapis.com/auth/calendar.calendarlist.readonly`;
    google.answers(() => Response.json({ ...tokens, scope: reading }));
    expect(await finishes(state(await begins({ write: true })))).toEqual({ kind: "incomplete" });
    expect((await finishes(state(await begins()))).kind).toBe("granted");
  });

  it("is good for half an hour and not a moment longer", async () => {
    const { clock, google, begins, state, finishes } = await consentingHost();
    const [early, late] = [state(await begins()), state(await begins())];
    clock.moveBy(30 * MINUTE_MS - 1);
    expect((await finishes(early)).kind).toBe("granted");
    clock.moveBy(1);
    expect(await finishes(late)).toEqual({ kind: "unknown" });
    expect(google.linesWith("POST /token")).toHaveLength(1);
  });

  it("of another host, or of nobody, is unknown, and stays good for whoever began it", async () => {
    const { begins, state, finishes } = await consentingHost();
    const other = await consentingHost();
    const begun = state(await begins());
    expect(await finishes(begun, other.host.did)).toEqual({ kind: "unknown" });
    expect(await finishes("")).toEqual({ kind: "unknown" });
    expect(await finishes(begun, hostOnTheNetwork().did)).toEqual({ kind: "unknown" });
    expect((await finishes(begun)).kind).toBe("granted");
  });

  it("is not kept in a way that opens anything, and only the last twenty are", async () => {
    const { clock, host, begins, state, finishes } = await consentingHost();
    const states: string[] = [];
    for (let count = 0; count < 22; count += 1) {
      states.push(state(await begins()));
      clock.moveBy(1);
    }
    const rows = await inStorage(host.did, ({ sql }) => sql.exec("SELECT * FROM consents").toArray());
    expect(rows).toHaveLength(20);
    for (const one of states) expect(JSON.stringify(rows)).not.toContain(one);
    expect(await finishes(states[1] ?? "")).toEqual({ kind: "unknown" });
    expect((await finishes(states[2] ?? "")).kind).toBe("granted");
    clock.moveBy(30 * MINUTE_MS);
    await begins();
    const left = await inStorage(host.did, ({ sql }) => sql.exec("SELECT 1 FROM consents").toArray());
    expect(left).toHaveLength(1);
  });

  it("is not begun where Google is not offered, nor for somebody who is no host", async () => {
    const host = hostOnTheNetwork();
    expect(await calendarOf(host.did).beginGoogleConsent({ write: false })).toEqual({
      ok: true,
      value: undefined,
    });
    const stranger = hostOnTheNetwork();
    stranger.setBroker("did:web:elsewhere.example");
    expect(await calendarOf(stranger.did).beginGoogleConsent({ write: false })).toMatchObject({
      refusal: { code: "HostNotFound" },
    });
  });
});
