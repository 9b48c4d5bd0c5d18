import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Secp256k1Keypair } from "@atproto/crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inDays } from "./support/eventually.ts";
import { Stranger } from "./support/stranger.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

const REQUEST = "social.schedule.requestBooking";
const SECRET_NOTE = "my-secret-note-7319";
const SECRET_EMAIL = "secret-7319@example.com";

let world: TestNetwork;
let host: TestAccount;
let ann: TestAccount;
let meetingType: string;
const seenTokens: string[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  world = await startTestNetwork();
  ({ host, meetingType } = await world.host());
  ann = await world.person("ann");
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await world?.stop();
});

/** An answer that is an error as promised: `{error, message}` and nothing else, no stack, nothing of ours. */
async function refusal(answer: Response): Promise<string> {
  const text = await answer.text();
  expect(text).not.toMatch(/\bat .+\.(ts|js):\d+|node_modules|stack/i);
  const body = JSON.parse(text) as { error: string; message: string };
  expect(Object.keys(body).toSorted()).toEqual(["error", "message"]);
  expect(body.message).toMatch(/^\S.*\.$/);
  return `${answer.status} ${body.error}`;
}

async function booking(fields: Record<string, unknown>): Promise<Response> {
  return ann.call(REQUEST, "/api/bookings", {
    body: {
      host: host.did,
      meetingType,
      start: inDays(2, "10:00"),
      requestId: crypto.randomUUID(),
      ...fields,
    },
  });
}

/** A PDS of the hostile kind on loopback; its address. */
async function hostilePds(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

describe("a malformed request", () => {
  it.each([
    ["is not JSON", "{"],
    ["is empty", ""],
    ["is a list", "[]"],
    ["is nothing", "null"],
    ["is an empty object", "{}"],
    ["is nested a thousand deep", "[".repeat(1000)],
  ])("whose body %s is 400", async (_, body) => {
    const token = await ann.serviceAuth(REQUEST);
    const answer = await fetch(`${world.url}/api/bookings`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body,
    });
    expect(await refusal(answer)).toBe("400 InvalidRequest");
  });

  it("whose body is huge is 413", async () => {
    expect(await refusal(await booking({ note: "x".repeat(300_000) }))).toBe("413 InvalidRequest");
  });

  it.each([
    ["start", "tomorrow"],
    ["start", "2026-02-30T10:00:00Z"],
    ["start", "2026-12-01T10:00:00"],
    ["start", 1_800_000_000_000],
    ["start", "9999999999999999"],
    ["requestId", "x"],
    ["requestId", null],
    ["meetingType", "../../etc"],
    ["email", "no address"],
    ["email", "a@b.example\r\nBcc: eve@example.com"],
    ["note", 12],
    ["host", ""],
  ])("with a wrong %s (%j) is 400", async (field, value) => {
    expect(await refusal(await booking({ [field]: value }))).toBe("400 InvalidRequest");
  });

  it.each([
    ["/api/hosts/HOST/slots", "400 InvalidRequest"],
    ["/api/hosts/HOST/slots?meetingType=TYPE&from=2026-12-01&to=2026-11-01", "400 InvalidRequest"],
    ["/api/hosts/HOST/slots?meetingType=TYPE&from=2026-12-01&to=2027-12-01", "400 InvalidRequest"],
    ["/api/hosts/HOST/slots?meetingType=TYPE&from=2026-02-30&to=2026-03-02", "400 InvalidRequest"],
    ["/api/hosts/HOST/slots?meetingType=none&from=2026-12-01&to=2026-12-02", "404 MeetingTypeNotFound"],
    ["/api/hosts/%E0%A4%A", "400 InvalidRequest"],
    ["/api/nothing-here", "404 NotFound"],
  ])("to %s is %s", async (path, expected) => {
    const url = world.url + path.replace("HOST", host.did).replace("TYPE", meetingType);
    expect(await refusal(await fetch(url))).toBe(expected);
  });

  it("of a start that is off the grid, in the past or too far away says which", async () => {
    expect(await refusal(await booking({ start: inDays(2, "10:10") }))).toBe("422 OutsideAvailability");
    expect(await refusal(await booking({ start: inDays(-1, "10:00") }))).toBe("422 TooSoon");
    expect(await refusal(await booking({ start: inDays(400, "10:00") }))).toBe("422 BeyondHorizon");
  });
});

describe("an actor who is nobody", () => {
  it.each([
    ["nobody.test", "404 HostNotFound"],
    ["not a handle", "404 HostNotFound"],
    ["<script>", "404 HostNotFound"],
    ["did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "404 HostNotFound"],
    ["did:plc:short", "404 HostNotFound"],
    ["did:example:x", "404 HostNotFound"],
    ["did:web:localhost%3A2583", "404 HostNotFound"],
    ["did:web:127.0.0.1", "404 HostNotFound"],
    ["did:web:169.254.169.254", "404 HostNotFound"],
    ["did:web:%5B%3A%3A1%5D", "404 HostNotFound"],
    ["did:web:db.internal", "404 HostNotFound"],
    ["a-handle-of-300-letters", "404 HostNotFound"],
  ])("such as %s is %s", async (actor, expected) => {
    expect(
      await refusal(
        await fetch(
          `${world.url}/api/hosts/${encodeURIComponent(actor.replace("of-300-letters", "x".repeat(300)))}`,
        ),
      ),
    ).toBe(expected);
  });

  it("is not found either when they exist but name no broker, or another one", async () => {
    const plain = await world.person("plain");
    expect(await refusal(await fetch(`${world.url}/api/hosts/${plain.did}`))).toBe("404 HostNotFound");
    await plain.putRecord("social.schedule.profile", "self", {
      broker: "did:web:other.example",
      createdAt: new Date().toISOString(),
    });
    expect(await refusal(await fetch(`${world.url}/api/hosts/${plain.handle}`))).toBe("404 HostNotFound");
  });
});

describe("a PDS that misbehaves", () => {
  it.each<[string, RequestListener]>([
    ["hangs", () => {}],
    ["answers garbage", (_, response) => response.end("<html>hello</html>")],
    ["answers the wrong shape", (_, response) => response.end('{"records": 7}')],
    ["fails", (_, response) => response.writeHead(500).end()],
    ["redirects inside", (_, response) => response.writeHead(302, { location: "http://127.0.0.1/" }).end()],
    [
      "never stops",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const drip = setInterval(() => response.write(" ".repeat(64 * 1024)), 5);
        response.on("close", () => clearInterval(drip));
      },
    ],
  ])("and %s makes its host 503 HostUnreachable within ten seconds", async (_, answer) => {
    const pds = await hostilePds(answer);
    const stranger = await Stranger.register(world.network.plcUrl, "stranger.example", pds);
    const began = performance.now();
    expect(await refusal(await fetch(`${world.url}/api/hosts/${stranger.did}`))).toBe("503 HostUnreachable");
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await refusal(await booking({ host: stranger.did }))).toBe("503 HostUnreachable");
  });

  it("and lives at an internal address is never asked", async () => {
    const stranger = await Stranger.register(world.network.plcUrl, "inner.example", "http://169.254.169.254");
    expect(await refusal(await fetch(`${world.url}/api/hosts/${stranger.did}`))).toMatch(/^(404|503) Host/);
  });
});

describe("a hostile record", () => {
  const availabilityUri = (did: string) => `at://${did}/social.schedule.availability/3mtestweek222`;
  const createdAt = "2026-01-01T00:00:00.000Z";

  it("is left out, its host is told which and why, and the good ones still count", async () => {
    const { host: victim, meetingType: good } = await world.host({ name: "victim" });
    const base = { availability: availabilityUri(victim.did), durationMinutes: 30, createdAt };
    const bad: Record<string, Record<string, unknown>> = {
      "3mhugetitle22": { ...base, title: "x".repeat(100_000) },
      "3mnegative222": { ...base, title: "Negative", durationMinutes: -30 },
      "3mnottext2222": { ...base, title: { $type: "evil" } },
      "3melsewhere22": { ...base, title: "Elsewhere", availability: availabilityUri(host.did) },
      "3mstranger222": { ...base, title: "Unknown audience", bookableBy: "friends-of-friends" },
    };
    for (const [rkey, record] of Object.entries(bad)) {
      await victim.putRecord("social.schedule.meetingType", rkey, record);
    }
    for (const [rkey, fields] of Object.entries({
      "3mwrongzone22": { timeZone: "Mars/Olympus", weekly: [] },
      "3mwrongtime22": { timeZone: "UTC", weekly: [{ days: ["mo"], start: "25:00", end: "26:00" }] },
      "3mwrongdate22": { timeZone: "UTC", weekly: [], overrides: [{ date: "2026-02-30", windows: [] }] },
    })) {
      await victim.putRecord("social.schedule.availability", rkey, { name: rkey, createdAt, ...fields });
    }
    const seen = (await (await fetch(`${world.url}/api/hosts/${victim.did}`)).json()) as {
      meetingTypes: { rkey: string }[];
    };
    expect(seen.meetingTypes.map(({ rkey }) => rkey)).toEqual([good]);
    const own = (await (
      await victim.call("social.schedule.listAvailability", "/api/availability")
    ).json()) as {
      invalid: { uri: string; reason: string }[];
    };
    expect(own.invalid).toHaveLength(Object.keys(bad).length + 3);
    expect(own.invalid.every(({ reason }) => reason.length > 10)).toBe(true);
  });

  it("with script in its title is text, and an `end` before its `start` ends the next day", async () => {
    const title = `<img src=x onerror=alert(1)><script>alert(2)</script>`;
    const { host: victim, meetingType: rkey } = await world.host({
      name: "script",
      availability: {
        weekly: [{ days: ["mo", "tu", "we", "th", "fr", "sa", "su"], start: "22:00", end: "02:00" }],
      },
      meetingType: { title },
    });
    const answer = await fetch(`${world.url}/api/hosts/${victim.did}`);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    const slots = (await (
      await fetch(
        `${world.url}/api/hosts/${victim.did}/slots?meetingType=${rkey}&from=${inDays(2, "21:00")}&to=${inDays(3, "03:00")}`,
      )
    ).json()) as { slots: unknown[] };
    expect(slots.slots).toHaveLength(8);
  });
});

describe("a token that is not good", () => {
  let eve: Stranger;
  beforeAll(async () => {
    eve = await Stranger.register(world.network.plcUrl, "eve.example", world.network.pdsUrl);
  });

  async function withToken(token: string): Promise<string> {
    seenTokens.push(token);
    return refusal(
      await fetch(`${world.url}/api/bookings?role=booker`, { headers: { authorization: `Bearer ${token}` } }),
    );
  }
  const good = () => ({ aud: world.broker.brokerDid, lxm: "social.schedule.listBookings" });

  it("is told from a good one", async () => {
    const token = await eve.token(good());
    const answer = await fetch(`${world.url}/api/bookings?role=booker`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
  });

  it("is 401 when it was used before", async () => {
    const token = await eve.token(good());
    const call = () =>
      fetch(`${world.url}/api/bookings?role=booker`, { headers: { authorization: `Bearer ${token}` } });
    const statuses = (await Promise.all([call(), call(), call()])).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
  });

  it.each<[string, () => Promise<string>]>([
    ["has expired", () => eve.token({ ...good(), expiresInSeconds: -60 })],
    ["lives for a year", () => eve.token({ ...good(), expiresInSeconds: 31_536_000 })],
    ["is for another service", () => eve.token({ ...good(), aud: "did:web:other.example" })],
    ["is for another operation", () => eve.token({ ...good(), lxm: REQUEST })],
    ["was signed by another key", async () => eve.token(good(), { key: await Secp256k1Keypair.create() })],
    ["names another issuer", () => eve.token(good(), { iss: ann.did })],
    ["names an issuer that is nobody", () => eve.token(good(), { iss: "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa" })],
    ["names an internal issuer", () => eve.token(good(), { iss: "did:web:127.0.0.1" })],
    ["is not signed", () => eve.token(good(), { alg: "none" })],
    ["is not a token", async () => "x.y.z"],
  ])("is 401 when it %s", async (_, token) => {
    expect(await withToken(await token())).toMatch(/^401 /);
  });

  it("is 401 when there is none, or a cookie we did not make", async () => {
    expect(await refusal(await fetch(`${world.url}/api/bookings?role=booker`))).toBe("401 SignInRequired");
    const forged = await fetch(`${world.url}/api/bookings?role=booker`, {
      headers: { cookie: "__Host-session=eyJhbGciOiJub25lIn0.eyJzdWIiOiJkaWQ6cGxjOngifQ." },
    });
    expect(await refusal(forged)).toBe("401 SignInRequired");
  });
});

describe("a callback that nobody here began", () => {
  it.each(["?state=foreign&code=x&iss=http://localhost", "", "?error=access_denied&state=x"])(
    "(%s) is 400 and signs nobody in",
    async (query) => {
      const answer = await fetch(`${world.url}/api/auth/callback${query}`, { redirect: "manual" });
      expect(answer.headers.get("set-cookie") ?? "").not.toContain("__Host-session=ey");
      expect(await refusal(answer)).toMatch(/^400 /);
    },
  );
});

it("leaves no booking, and no note, address, token or key in any log line", async () => {
  await booking({ start: inDays(2, "10:10"), note: SECRET_NOTE, email: SECRET_EMAIL });
  await booking({ note: SECRET_NOTE, email: "broken", start: 7 });
  expect(await world.broker.query("SELECT id FROM bookings")).toEqual([]);
  const log = world.broker
    .logs()
    .map(({ message }) => message)
    .join("\n");
  for (const secret of [SECRET_NOTE, SECRET_EMAIL, ...seenTokens]) {
    expect(log).not.toContain(secret);
  }
  expect(log).not.toMatch(/eyJ[A-Za-z0-9_-]{10,}\.|Bearer |password-of/);
  expect(log).not.toMatch(/unexpected error/);
});
