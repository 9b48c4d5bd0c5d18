import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokerSecrets } from "../../dev/broker-secrets.ts";
import { channelToken } from "../../durable-objects/calendars/channel-token.ts";
import type { ConnectionJson } from "../../worker/wire.ts";
import { SecretScan, verifiersIn } from "../support/secret-scan.ts";
import { copyOfStill, filesBelow, valuesIn } from "../support/stored-values.ts";
import { clearUp, turnBad, WEATHERS } from "./support/bad-weather.ts";
import { consent, OF_CONNECTIONS } from "./support/calendar-requests.ts";
import { CalendarStorm } from "./support/calendar-storm.ts";
import { CalendarHost } from "./support/calendar-host.ts";
import { eventually } from "./support/eventually.ts";
import { GOOGLE_CLIENT, MARKS, startMarkedCalendars } from "./support/marked-calendars.ts";
import type { MarkedCalendars } from "./support/marked-calendars.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";
import { WatchedBroker } from "./support/watched-broker.ts";

const REQUESTS = 10_000;
const LANES = 16;
const BOOKERS = 5;

const scan = new SecretScan();
const challenges = new Set<string>();
let world: TestNetwork;
let calendars: MarkedCalendars;
let broker: WatchedBroker;
const hostDids: string[] = [];
/** What is on the disk after the run. */
let still: ReturnType<typeof copyOfStill>;
let written: Awaited<ReturnType<MarkedCalendars["written"]>>;
/** Problems that hosts were shown during the run. */
const problems = new Set<string>();

beforeAll(async () => {
  calendars = await startMarkedCalendars(scan);
  world = await startTestNetwork({
    vars: {
      GOOGLE_URL: calendars.google.url,
      GOOGLE_CLIENT_ID: GOOGLE_CLIENT.id,
      GOOGLE_CLIENT_SECRET: GOOGLE_CLIENT.secret,
    },
  });
  await calendars.knows(`${world.url}/api/calendar/google/callback`);
  broker = new WatchedBroker(world.url, scan);
  await runThrough();
  written = await eventually(
    () => calendars.written(),
    ({ google, caldav }) => google > 0 && caldav > 0,
  );
  await addChannelTokens();
  still = stillCopy();
  // Less than a minute on a machine that has nothing else to do.
}, 400_000);
afterAll(async () => {
  still?.remove();
  await world?.stop();
  await calendars?.stop();
});

/** Two hosts with all three kinds of calendars, one of whom writes into Google and one into CalDAV; then everything at once, in changing weather. */
async function runThrough(): Promise<void> {
  const published = await Promise.all([world.host(), world.host({ meetingType: { approval: "manual" } })]);
  hostDids.push(...published.map(({ host }) => host.did));
  const people = await world.people(BOOKERS);
  const signedIn = async (who: TestAccount) => ({
    did: who.did,
    cookie: await world.broker.sessionCookie(who),
  });
  const hosts = await Promise.all(
    published.map(async ({ host, meetingType }) => ({ ...(await signedIn(host)), meetingType })),
  );
  const bookers = await Promise.all(people.map(signedIn));
  const scene = { broker, calendars, scan, hosts, bookers, challenges };
  const storm = new CalendarStorm(scene);
  const access = {
    url: calendars.server.url,
    username: MARKS["CalDAV user"],
    password: MARKS["CalDAV password"],
  };
  for (const [index, one] of published.entries()) {
    const host = new CalendarHost(world, one);
    const server = await host.connects({ kind: "caldav", label: "Server", ...access });
    await host.connects({ kind: "feed", label: "Link", url: calendars.feedUrl });
    expect(await consent(scene, hosts[index]?.cookie ?? "")).toBe("/settings?calendar=connected");
    const google = (await host.connections()).find(({ kind }) => kind === "google");
    await takesBookings(host, index === 0 ? google : server);
  }

  let begun = 0;
  const lane = async (): Promise<void> => {
    while (broker.answered < REQUESTS) {
      begun += 1;
      // Each kind of weather comes once, with as much sunshine in between.
      if (begun % Math.floor(REQUESTS / WEATHERS / 2) === 0) {
        weather = weather.then(changeWeather);
        await weather;
      }
      await storm.step(begun);
    }
  };
  /** One change after the other, each with its readings. */
  let weather = Promise.resolve();
  let changes = 0;
  const changeWeather = async (): Promise<void> => {
    changes += 1;
    const isBad = changes % 2 === 1;
    await (isBad ? turnBad(calendars, (changes - 1) / 2) : clearUp(calendars));
    if (!isBad) return;
    for (const { cookie } of hosts) {
      const list = await broker.ask("GET /api/calendar/connections", {
        cookie,
        mayShow: OF_CONNECTIONS,
      });
      for (const { id } of (JSON.parse(list.text) as { connections: ConnectionJson[] }).connections) {
        const path = `POST /api/calendar/connections/${id}/refresh` as const;
        const { text } = await broker.ask(path, { cookie, mayShow: OF_CONNECTIONS });
        const { connection } = JSON.parse(text) as { connection?: ConnectionJson };
        if (connection?.problem !== undefined) problems.add(connection.problem);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await clearUp(calendars);
  const operator = { authorization: `Bearer ${brokerSecrets(world.broker.dataDir).OPERATOR_TOKEN}` };
  for (const did of hostDids)
    await broker.ask(`GET /api/operator/hosts/${did}/outbox`, { headers: operator });
  // One consent stays under way, so that there is a verifier to be found.
  await consent(scene, hosts[0]?.cookie ?? "", undefined, false);
}

/** What Google's messages carry says whose calendar has changed; it is made anew for each, and stored nowhere. */
async function addChannelTokens(): Promise<void> {
  const secrets = brokerSecrets(world.broker.dataDir);
  for (const { channelId } of calendars.google.deliveries()) {
    for (const did of hostDids) {
      scan.add("token of a channel", (await channelToken(secrets, did, channelId)) ?? "");
    }
  }
}

async function takesBookings(host: CalendarHost, connection: ConnectionJson | undefined): Promise<void> {
  const taking = connection?.calendars.find(({ isWritable }) => isWritable)?.id;
  const blocking = connection?.calendars.filter(({ blocks }) => blocks).map(({ id }) => id) ?? [];
  if (!connection || taking === undefined) throw new Error("There is nowhere to write bookings.");
  await host.chooses(connection.id, { blocking, takesBookings: taking });
}

/** Kinds of secrets that are in the bytes of files, or in one of their rows. */
function kindsIn(files: readonly string[]): string[] {
  const kinds = (content: string | Uint8Array): string[] => scan.find(content).map(({ kind }) => kind);
  const inBytes = files.flatMap((file) => kinds(readFileSync(file)));
  const inRows = files
    .filter((file) => file.endsWith(".sqlite"))
    .flatMap(valuesIn)
    .flatMap(kinds);
  return [...new Set([...inBytes, ...inRows])].toSorted();
}

function stillCopy(): ReturnType<typeof copyOfStill> {
  return copyOfStill(join(world.broker.dataDir, "v3"), world.broker.workerdPid());
}

describe("after ten thousand requests around calendars that work and fail", () => {
  it("everything that was to happen has happened", () => {
    expect(broker.answered).toBeGreaterThanOrEqual(REQUESTS);
    expect([...broker.statuses.keys()]).toEqual(
      expect.arrayContaining([200, 201, 204, 303, 400, 401, 403, 404, 409, 422]),
    );
    const shown =
      "not-a-calendar not-found rate-limited refused-address server-error unauthorized unreachable";
    expect([...problems]).toEqual(expect.arrayContaining(shown.split(" ")));
    expect(calendars.google.deliveries().filter(({ status }) => status === 204)).not.toEqual([]);
    expect(written.google).toBeGreaterThan(0);
    expect(written.caldav).toBeGreaterThan(0);
  });

  it("no answer has shown anybody what is not theirs", () => {
    expect([...broker.leaks.values()]).toEqual([]);
    expect(broker.statuses.get(500)).toBeUndefined();
  });

  it("no line of the log has a secret in it, nor a note or an address", () => {
    const lines = world.broker.logs().map(({ message }) => message);
    expect(lines.length).toBeLessThan(5_000);
    expect(scan.find(lines.join("\n"))).toEqual([]);
    expect(scan.find([...lines, `x ${MARKS["title of an event"]} x`].join("\n"))).toHaveLength(1);
  });

  it("what is stored has notes and addresses of bookings in it, and nothing of calendars, in no row and in no byte", () => {
    const files = filesBelow(still.folder);
    const below = (part: string): string[] => files.filter((file) => file.includes(`/${part}/`));
    const ofBookings = ["e-mail address", "note"];
    expect(kindsIn(below("d1"))).toEqual(ofBookings);
    expect(kindsIn(below("atproto-cal-HostCalendar"))).toEqual(ofBookings);
    expect(kindsIn(files)).toEqual(ofBookings);
  });

  it("a consent that is under way cannot be ended with what is stored", () => {
    expect(challenges.size).toBeGreaterThan(0);
    const verifiers = filesBelow(still.folder).flatMap((file) => verifiersIn(readFileSync(file), challenges));
    expect(verifiers).toHaveLength(0);
    const known = "v".repeat(43);
    const challenge = createHash("sha256").update(known).digest("base64url");
    expect(verifiersIn(Buffer.from(`\0x${known}_\0`), new Set([challenge]))).toEqual([known]);
  });

  it("the scan would have found it all, in a row, and in any encoding", async () => {
    const hidden = `a title: ${Buffer.from(MARKS["CalDAV password"]).toString("base64")}`;
    await world.broker.query(
      "INSERT INTO user_settings (did, time_zone, updated_at) VALUES ('x', ?, 0)",
      hidden,
    );
    const planted = stillCopy();
    expect(kindsIn(filesBelow(planted.folder))).toContain("CalDAV password");
    planted.remove();
    for (const [kind, mark] of Object.entries(MARKS)) {
      const forms = [
        encodeURIComponent(mark),
        new URLSearchParams({ mark }).toString(),
        JSON.stringify({ mark }),
        Buffer.from(`{"${mark}"}`).toString("base64"),
        Buffer.from(`..${mark}`).toString("base64url"),
        Buffer.from(mark).toString("hex"),
      ];
      for (const text of forms) expect(scan.find(text)).toContainEqual(expect.objectContaining({ kind }));
    }
  });
});
