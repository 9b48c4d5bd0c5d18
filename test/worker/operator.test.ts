import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { router } from "../../worker/router.ts";
import { AccountStorage } from "../../durable-objects/account/account-storage.ts";
import { booker, calendarOf, given, midnightIn } from "../durable-objects/support/booker.ts";
import { calendarWith } from "../durable-objects/support/feed.ts";
import { rowsOf } from "../durable-objects/support/history.ts";
import {
  feedOnTheNetwork,
  type HostOnTheNetwork,
  hostOnTheNetwork,
} from "../durable-objects/support/host-on-the-network.ts";
import { haveKeys, keysInUse, sealerWith } from "../durable-objects/support/sealing-keys.ts";
import { serviceToken } from "../durable-objects/support/service-token.ts";
import { type Clock, live, stoppedClock } from "../durable-objects/support/time.ts";

const TOKEN = "an-operators-token-of-enough-length-5521";
const NOTE = "only-for-two-7319";

let clock: Clock;
let host: HostOnTheNetwork;

beforeEach(() => {
  clock = stoppedClock();
  host = hostOnTheNetwork();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await env.DB.exec("DROP TRIGGER IF EXISTS poison");
});

const ROUTES: readonly [method: string, path: string][] = [
  ["GET", "/api/operator/hosts"],
  ["GET", "/api/operator/hosts/HOST/outbox"],
  ["POST", "/api/operator/hosts/HOST/outbox/retry"],
  ["POST", "/api/operator/hosts/HOST/rebuild"],
  ["POST", "/api/operator/hosts/HOST/reconcile"],
  ["POST", "/api/operator/hosts/HOST/reseal"],
  ["GET", "/api/operator/people"],
];

/** A call of a broker that has this token, or none. */
async function call(
  method: string,
  path: string,
  { authorization, token = TOKEN }: { authorization?: string; token?: string | undefined } = {},
): Promise<Response> {
  const request = new Request(new URL(path.replace("HOST", host.did), env.PUBLIC_URL), {
    method,
    headers: { ...(authorization !== undefined && { authorization }) },
  });
  const answer: unknown = await router.fetch(request, { ...env, OPERATOR_TOKEN: token });
  if (!(answer instanceof Response)) throw new Error("the router gave no answer");
  return answer;
}

/** Somebody's Account keeps a session that was sealed under the old key. */
async function signedIn(did: string): Promise<void> {
  const sealed = await sealerWith("old").seal(
    JSON.stringify({ tokenSet: { scope: "atproto" } }),
    `${did} session`,
  );
  await runInDurableObject(env.ACCOUNT.getByName(did), (_instance, { storage }) =>
    new AccountStorage(storage).putSession({ did, sealed, scope: "atproto" }),
  );
}

const asOperator = async (method: string, path: string): Promise<unknown> => {
  const answer = await call(method, path, { authorization: `Bearer ${TOKEN}` });
  expect(answer.status).toBe(200);
  return answer.json();
};

describe.each(ROUTES)("%s %s", (method, path) => {
  it.each([
    ["no token", ""],
    ["a token that could be guessed", "x".repeat(31)],
  ])("is not there at a broker with %s, whatever is shown", async (_what, token) => {
    for (const authorization of ["Bearer ", `Bearer ${token}`, "Bearer undefined"]) {
      expect((await call(method, path, { token, authorization })).status).toBe(404);
    }
  });

  it("is for nobody who does not show the token", async () => {
    const wrong = [
      undefined,
      "Bearer",
      `Bearer ${TOKEN.slice(0, -1)}`,
      `Bearer ${TOKEN}x`,
      `Basic ${TOKEN}`,
      TOKEN,
      `Bearer ${await serviceToken(host.did, "social.schedule.exportAccount")}`,
    ];
    for (const authorization of wrong) {
      const answer = await call(method, path, { ...(authorization !== undefined && { authorization }) });
      expect(answer.status, authorization).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect(await answer.text()).not.toContain(TOKEN);
    }
  });
});

describe("the operator", () => {
  it("sees what was parked and why, and nothing that two people wrote", async () => {
    const written = (["log", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
    await env.DB.exec(
      "CREATE TRIGGER poison BEFORE INSERT ON bookings WHEN NEW.booker_handle = 'poison.test' BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    const { uid } = given(await booker(host.did, "poison").asksFor(midnightIn(2), { note: NOTE }));
    await live(host.did, clock, 60 * 60_000);
    const outbox = await asOperator("GET", "/api/operator/hosts/HOST/outbox");
    expect(outbox).toMatchObject({
      waiting: 0,
      parked: 1,
      effects: [
        { id: `${uid}/0/history`, kind: "project-booking", attempts: 8, lastError: "SQLITE_CONSTRAINT" },
      ],
    });
    expect(JSON.stringify(outbox)).toMatch(
      /"owedAt":"\d{4}-[^"]+Z","notBefore":"[^"]+Z","parkedAt":"[^"]+Z"/,
    );
    expect(JSON.stringify(outbox)).not.toMatch(new RegExp(`${NOTE}|poison\\.test|did:plc:poison`));
    expect(JSON.stringify(written.map(({ mock }) => mock.calls))).not.toMatch(new RegExp(`${NOTE}|${TOKEN}`));

    await env.DB.exec("DROP TRIGGER poison");
    expect(await asOperator("POST", "/api/operator/hosts/HOST/outbox/retry")).toEqual({ unparked: 1 });
    await live(host.did, clock, 1_000);
    expect(await rowsOf(host.did)).toHaveLength(1);
    expect(await asOperator("GET", "/api/operator/hosts/HOST/outbox")).toEqual({
      waiting: 0,
      parked: 0,
      effects: [],
    });
  });

  it("has D1 compared and written anew, by DID or by the object's id", async () => {
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    await live(host.did, clock, 1_000);
    await env.DB.prepare("DELETE FROM bookings WHERE host_did = ?").bind(host.did).run();
    expect(await asOperator("POST", "/api/operator/hosts/HOST/reconcile")).toEqual({
      checked: 1,
      mended: 1,
      parked: 0,
      pruned: 0,
      unexplained: 0,
      unexplainedUids: [],
    });
    const id = env.HOST_CALENDAR.idFromName(host.did).toString();
    expect(await asOperator("POST", `/api/operator/hosts/${id}/rebuild`)).toEqual({
      bookings: 1,
      notifications: 1,
    });
    await live(host.did, clock, 1_000);
    expect(await rowsOf(host.did)).toHaveLength(1);
  });

  it("is told which hosts D1 knows, by DID, from where they left off", async () => {
    const other = hostOnTheNetwork();
    for (const { did } of [host, other]) {
      given(await booker(did, "ann").asksFor(midnightIn(2)));
      await live(did, clock, 1_000);
    }
    const [first = "", second = ""] = [host.did, other.did].toSorted();
    const all = await asOperator("GET", "/api/operator/hosts");
    expect(JSON.stringify(all)).toContain(first);
    const rest = await asOperator("GET", `/api/operator/hosts?after=${encodeURIComponent(first)}`);
    expect(JSON.stringify(rest)).not.toContain(first);
    expect(JSON.stringify(rest)).toContain(second);
  });

  it("has all secrets of somebody sealed under the active key, and is told how many and nothing of them", async () => {
    const { url } = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
    given(await calendarOf(host.did).connectCalendars({ kind: "feed", label: "Work", access: url }));
    await signedIn(host.did);
    const [calendar, account] = [env.HOST_CALENDAR.getByName(host.did), env.ACCOUNT.getByName(host.did)];
    const rotated = async (which: "old" | "both") => haveKeys(which, calendar, account);
    const [one, none] = [
      { resealed: 1, current: 0, lost: 0 },
      { resealed: 0, current: 1, lost: 0 },
    ];
    await rotated("both");
    const reseal = (name: string) => asOperator("POST", `/api/operator/hosts/${name}/reseal`);
    expect(await reseal("HOST")).toEqual({ connections: one, account: one });
    expect(await reseal("HOST")).toEqual({ connections: none, account: none });
    expect([...(await keysInUse(calendar)), ...(await keysInUse(account))]).toEqual(["next", "next"]);
    expect(await reseal(calendar.id.toString())).toEqual({ connections: none, account: none });
    expect(await reseal(account.id.toString())).toEqual({ connections: none, account: none });
  });

  it("has the secrets of somebody sealed who is no host and has no calendars", async () => {
    const { did } = hostOnTheNetwork();
    await signedIn(did);
    await haveKeys("both", env.ACCOUNT.getByName(did));
    expect(await asOperator("POST", `/api/operator/hosts/${encodeURIComponent(did)}/reseal`)).toEqual({
      connections: { resealed: 0, current: 0, lost: 0 },
      account: { resealed: 1, current: 0, lost: 0 },
    });
  });

  it("is told that an Account in which nobody is signed in says nothing", async () => {
    const id = env.ACCOUNT.newUniqueId().toString();
    const answer = await call("POST", `/api/operator/hosts/${id}/reseal`, {
      authorization: `Bearer ${TOKEN}`,
    });
    expect(answer.status).toBe(404);
  });

  it("is told of whom D1 has anything, hosts or not, from where they left off", async () => {
    const ann = booker(host.did, `ann${host.did.slice(-9)}`);
    given(await ann.asksFor(midnightIn(2)));
    await live(host.did, clock, 1_000);
    const settled = `did:plc:a${host.did.slice(-9)}`;
    await env.DB.prepare("INSERT INTO user_settings (did, updated_at) VALUES (?, 0)").bind(settled).run();
    const list = async (after: string) => {
      const path = `/api/operator/people?after=${encodeURIComponent(after)}`;
      return ((await asOperator("GET", path)) as { people: string[] }).people;
    };
    const everybody = await list("");
    expect(everybody).toEqual(expect.arrayContaining([host.did, ann.did, settled]));
    expect(everybody).toEqual([...new Set(everybody)].toSorted());
    expect(await list(ann.did)).not.toContain(ann.did);
  });

  it.each(["alice.test", "did:plc:short", "0".repeat(64), "%2e%2e"])(
    "is told that %s names no host",
    async (name) => {
      const answer = await call("GET", `/api/operator/hosts/${name}/outbox`, {
        authorization: `Bearer ${TOKEN}`,
      });
      expect(answer.status).toBe(404);
    },
  );
});
