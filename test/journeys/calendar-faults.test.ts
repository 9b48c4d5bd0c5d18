import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type {
  BookingJson,
  CalendarAccessInput,
  ConnectionJson,
  NotificationListJson,
} from "../../worker/wire.ts";
import type { FaultSpec } from "../google/faults.ts";
import { startGoogle } from "../google/stand-in.ts";
import type { Google } from "../google/stand-in.ts";
import { startDoor } from "../support/door.ts";
import type { Door, DoorAnswer } from "../support/door.ts";
import { setPasswords } from "../support/radicale-passwords.ts";
import { startRadicale } from "../support/radicale.ts";
import type { Radicale } from "../support/radicale.ts";
import { CalendarHost } from "./support/calendar-host.ts";
import { eventually, inDays } from "./support/eventually.ts";
import { startFeedServer } from "./support/feed-server.ts";
import type { FeedServer } from "./support/feed-server.ts";
import { CURRENT_FOR_MS, hastyBundle } from "./support/hasty-bundle.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

const CLIENT = { id: "broker.apps.googleusercontent.example", secret: "s" };
const EMAIL = "alice@gmail.example";
const [TEN, NOON, TWO, FOUR] = [
  inDays(3, "10:00"),
  inDays(3, "12:00"),
  inDays(3, "14:00"),
  inDays(3, "16:00"),
];
const HOUR_MS = 3_600_000;
/** Of the CalDAV server; each of them meets another fault. */
const USERS = ["alice", "bob", "carol", "dave", "erin"] as const;

let bundle: Awaited<ReturnType<typeof hastyBundle>>;
let world: TestNetwork;
let google: Google;
let radicale: Radicale;
let published: FeedServer;
const doors: Door[] = [];

beforeAll(async () => {
  [bundle, google, radicale, published] = await Promise.all([
    hastyBundle(),
    startGoogle(),
    startRadicale(USERS),
    startFeedServer(),
  ]);
  world = await startTestNetwork({
    bundleDir: bundle.bundleDir,
    vars: { GOOGLE_URL: google.url, GOOGLE_CLIENT_ID: CLIENT.id, GOOGLE_CLIENT_SECRET: CLIENT.secret },
  });
  google.seed({
    clients: [{ ...CLIENT, redirectUris: [`${world.url}/api/calendar/google/callback`] }],
    accounts: [{ email: EMAIL }, { email: "bob@gmail.example" }],
    events: [{ calendar: EMAIL, start: TEN }],
  });
  published.publishes([TEN]);
});
afterAll(async () => {
  await world?.stop();
  bundle?.remove();
  await Promise.all(doors.map((door) => door.stop()));
  await Promise.all([google?.stop(), radicale?.stop(), published?.stop()]);
});

/** A calendar that is busy at ten, what happens to it, and how it comes right again. */
interface Place {
  connect(host: CalendarHost): Promise<ConnectionJson>;
  break(): unknown;
  mend(): unknown;
  /** What its host does where only they can help. */
  giveAccess(host: CalendarHost, id: string): Promise<unknown>;
}

interface Promised {
  readonly state: "failing" | "needs_reauth";
  readonly problem: string;
  /** How long it is left alone, at least; then it does not come right by itself before that. */
  readonly restMs?: number;
  /** It is believed when it is found a second time. */
  readonly isDoubted?: boolean;
}

/** The promise of every fault: it is said what is wrong, nothing is freed, nobody books blindly, and it ends with the fault. */
async function expectPromise(
  place: Place,
  { state, problem, restMs, isDoubted = false }: Promised,
): Promise<void> {
  const host = new CalendarHost(world, await world.host());
  const booker = await world.person("booker");
  const ask = (start: string): Promise<Response> => {
    const body = {
      host: host.host.did,
      meetingType: host.meetingType,
      start,
      requestId: crypto.randomUUID(),
    };
    return booker.call("social.schedule.requestBooking", "/api/bookings", { body });
  };
  const silentMeans = async (onSilentCalendar: "ask" | "refuse"): Promise<void> => {
    const init = { method: "PUT", body: { onSilentCalendar } };
    expect((await host.host.call("social.schedule.updateSettings", "/api/settings", init)).status).toBe(200);
  };
  const before = await place.connect(host);
  const { id, asOf = "" } = before;
  expect(before).toMatchObject({ state: "ok" });
  expect(await freeOf(host)).toEqual([NOON, TWO, FOUR]);

  await place.break();
  if (isDoubted) expect(await host.refreshes(id)).toMatchObject({ state: "failing", problem, asOf });
  const broken = await host.refreshes(id);
  expect(broken).toMatchObject({ state, problem, asOf });
  if (restMs !== undefined) {
    expect(Date.parse(broken.nextRefreshAt ?? "") - Date.now()).toBeGreaterThan(restMs - 60_000);
  }
  expect(broken.nextRefreshAt === undefined).toBe(state === "needs_reauth");
  expect(await host.connections()).toMatchObject([{ state, problem, asOf, calendars: [{ blocks: true }] }]);
  if (state === "needs_reauth") {
    expect(
      await eventually(
        () => news(host),
        (kinds) => kinds.length > 0,
      ),
    ).toEqual(["calendar.broken"]);
  }

  const untilStale = Date.parse(asOf) + CURRENT_FOR_MS + 50 - Date.now();
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, untilStale)));
  expect(await freeOf(host)).toEqual([NOON, TWO, FOUR]);
  expect((await ask(TEN)).status).toBe(409);
  const { booking } = (await (await ask(NOON)).json()) as { booking: BookingJson };
  expect(booking).toMatchObject({ status: "pending" });
  expect(await host.host.booking(booking.uid)).toMatchObject({ calendarsSeen: { asOf, isCurrent: false } });
  await silentMeans("refuse");
  const refused = await ask(TWO);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error: "CalendarsSilent" });

  await place.mend();
  if (state === "needs_reauth") await place.giveAccess(host, id);
  if (restMs !== undefined) await host.refreshes(id);
  const [mended] = await eventually(
    () => host.connections(),
    ([one]) => one?.state === "ok",
  );
  expect(mended).toMatchObject({ state: "ok" });
  expect(mended).not.toHaveProperty("problem");
  expect(await freeOf(host)).toEqual([TWO, FOUR]);
  const answer = await ask(TWO);
  expect(await answer.json()).toMatchObject({ booking: { status: "confirmed" } });
}

/** Which of the four hours is offered. */
async function freeOf(host: CalendarHost): Promise<string[]> {
  const slots = await host.slots(inDays(3, "00:00"), inDays(4, "00:00"));
  return [TEN, NOON, TWO, FOUR].filter((start) => slots.includes(start));
}

/** What the host was told of their calendars. */
async function news({ host }: CalendarHost): Promise<string[]> {
  const answer = await host.call("social.schedule.listNotifications", "/api/notifications");
  const { notifications } = (await answer.json()) as NotificationListJson;
  return notifications.map(({ kind }) => kind).filter((kind) => kind === "calendar.broken");
}

async function giveAccess({ host }: CalendarHost, id: string, body: CalendarAccessInput): Promise<void> {
  const path = `/api/calendar/connections/${id}/access`;
  const answer = await host.call("social.schedule.giveCalendarAccess", path, { method: "PUT", body });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

async function doorBefore(url: string): Promise<Door> {
  const door = await startDoor(url);
  doors.push(door);
  return door;
}

describe("Google", () => {
  beforeEach(() => google.heal());

  const at = (breaks: () => unknown): Place => ({
    async connect(host) {
      expect(await host.connectsGoogle(EMAIL)).toBe("/settings?calendar=connected");
      const [connection] = await host.connections();
      if (!connection) throw new Error("Nothing is connected.");
      return connection;
    },
    break: breaks,
    mend: () => google.heal(),
    giveAccess: (host, connectionId) => host.connectsGoogle(EMAIL, { connectionId }),
  });
  const fails = (fault: FaultSpec): Place =>
    at(() => google.fail({ path: "/freeBusy", times: 10_000, ...fault }));
  const reason = (status: number, name: string): Place => fails({ error: { status, reason: name } });
  const passing = (problem: string): Promised => ({ state: "failing", problem });
  const REFUSED: Promised = { state: "needs_reauth", problem: "unauthorized" };

  it.each([
    [
      "has enough of us for an hour (429)",
      fails({ error: { status: 429, retryAfterSeconds: 3_600 } }),
      { ...passing("rate-limited"), restMs: HOUR_MS },
    ],
    ["counts rateLimitExceeded", reason(403, "rateLimitExceeded"), passing("rate-limited")],
    ["counts userRateLimitExceeded", reason(403, "userRateLimitExceeded"), passing("rate-limited")],
    ["counts quotaExceeded", reason(403, "quotaExceeded"), passing("rate-limited")],
    ["counts dailyLimitExceeded", reason(403, "dailyLimitExceeded"), passing("rate-limited")],
    [
      "counts calendarUsageLimitsExceeded",
      reason(403, "calendarUsageLimitsExceeded"),
      passing("rate-limited"),
    ],
    [
      "does not offer its API to this broker (accessNotConfigured)",
      reason(403, "accessNotConfigured"),
      passing("server-error"),
    ],
    ["forbids it", reason(403, "forbidden"), REFUSED],
    ["says that the permission does not reach so far", reason(403, "insufficientPermissions"), REFUSED],
    ["is broken (500)", fails({ error: { status: 500 } }), passing("server-error")],
    [
      "cannot say of one calendar",
      fails({ calendarErrors: { [EMAIL]: "internalError" } }),
      passing("server-error"),
    ],
    ["does not find one calendar", fails({ calendarErrors: { [EMAIL]: "notFound" } }), passing("not-found")],
    ["leaves a calendar's busy time out", fails({ dropBusy: [EMAIL] }), passing("server-error")],
    ["leaves a calendar out", fails({ dropCalendars: [EMAIL] }), passing("server-error")],
    ["answers with a page", fails({ html: { status: 200 } }), passing("not-a-calendar")],
    ["breaks off", fails({ cutAfterBytes: 40 }), passing("unreachable")],
    ["hangs up", fails({ cutAfterBytes: 0 }), passing("unreachable")],
    ["takes too long", fails({ delayMs: 4_000 }), passing("timeout")],
    [
      "does not renew tokens",
      at(() => {
        google.expireAccessTokens();
        google.fail({ path: "/token", times: 10_000, error: { status: 500 } });
      }),
      passing("server-error"),
    ],
    ["was told by its host to let us in no more", at(() => google.revokeGrant({ email: EMAIL })), REFUSED],
  ] as const)("that %s frees nothing and says so until that is over", (_what, place, promised) =>
    expectPromise(place, promised),
  );

  it("renews an access that has run out without anybody's noticing", async () => {
    const host = new CalendarHost(world, await world.host());
    const { id } = await at(() => undefined).connect(host);
    google.expireAccessTokens();
    google.forgetCalls();
    expect(await host.refreshes(id)).toMatchObject({ state: "ok" });
    expect(google.calls({ path: "/token" })).toHaveLength(1);
    expect(await host.refreshes(id)).toMatchObject({ state: "ok" });
    expect(google.calls({ path: "/token" })).toHaveLength(1);
    expect(await news(host)).toEqual([]);
  });

  it("is connected only with every box ticked that is needed, and mended likewise", async () => {
    const host = new CalendarHost(world, await world.host());
    const halfHearted = (connectionId?: string): Promise<string> => comesBackWithOneBox(host, connectionId);
    expect(await halfHearted()).toBe("/settings?calendar=incomplete");
    expect(await host.connections()).toEqual([]);
    const email = "bob@gmail.example";
    expect(await host.connectsGoogle(email)).toBe("/settings?calendar=connected");
    const [connection] = await host.connections();
    const id = connection?.id ?? "";
    google.revokeGrant({ email });
    expect(await host.refreshes(id)).toMatchObject(REFUSED);
    expect(await halfHearted(id)).toBe("/settings?calendar=incomplete");
    expect(await host.connections()).toMatchObject([REFUSED]);
    expect(await host.connectsGoogle(email, { connectionId: id })).toBe("/settings?calendar=connected");
    expect(await host.connections()).toMatchObject([{ id, state: "ok" }]);
  });

  async function comesBackWithOneBox({ host }: CalendarHost, connectionId?: string): Promise<string> {
    const body = connectionId === undefined ? {} : { connectionId };
    const { url } = (await (
      await host.call("social.schedule.askGoogle", "/api/calendar/google", { body })
    ).json()) as { url: string };
    const [, scope = ""] = /name="scope" value="([^"]+)"/.exec(await (await fetch(url)).text()) ?? [];
    const form = new URLSearchParams({ account: "bob@gmail.example", decision: "allow", scope });
    const back = await fetch(url, { method: "POST", body: form, redirect: "manual" });
    const headers = { cookie: await world.broker.sessionCookie(host) };
    const answer = await fetch(back.headers.get("location") ?? "", { headers, redirect: "manual" });
    return answer.headers.get("location") ?? "";
  }
});

describe.concurrent("a CalDAV server", () => {
  /** The calendar of one of its users, behind a door of its own. */
  async function at(
    username: string,
    breaks: (at: { door: Door; calendar: URL }) => unknown,
    mends: (at: { door: Door; calendar: URL }) => unknown = ({ door }) => door.open(),
    newPassword = radicale.password,
  ): Promise<Place> {
    const door = await doorBefore(radicale.url);
    const calendar = new URL(`${username}/work/`, radicale.url);
    await fill(username, calendar);
    const access = { kind: "caldav", url: door.url, username } as const;
    return {
      connect: (host) => host.connects({ ...access, label: "Server", password: radicale.password }),
      break: () => breaks({ door, calendar }),
      mend: () => mends({ door, calendar }),
      giveAccess: (host, id) => giveAccess(host, id, { ...access, password: newPassword }),
    };
  }
  async function fill(username: string, calendar: URL): Promise<void> {
    await radicale.as(username).makeCalendar("work");
    expect(await radicale.as(username).put(calendar, "ten", calendarAt(TEN))).toBe(201);
  }
  const changePasswords = (passwords: Readonly<Record<string, string>>): void => {
    const known = Object.fromEntries(USERS.map((name) => [name, radicale.password]));
    setPasswords(radicale, { ...known, ...passwords });
  };
  const JUNK = '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:"><d:response/></d:multistatus>';

  it("whose password was changed frees nothing until the new one is given", async () => {
    const place = await at(
      "bob",
      () => changePasswords({ bob: "another" }),
      () => undefined,
      "another",
    );
    await expectPromise(place, { state: "needs_reauth", problem: "unauthorized", isDoubted: true });
  });

  it("whose calendar was deleted frees nothing until it is there again", async () => {
    const place = await at(
      "carol",
      async ({ calendar }) => expect((await radicale.as("carol").ask("DELETE", calendar)).status).toBe(200),
      ({ calendar }) => fill("carol", calendar),
    );
    await expectPromise(place, { state: "failing", problem: "not-found" });
  });

  it("that is down frees nothing until it is up again", async () => {
    const place = await at("alice", ({ door }) => door.shut());
    await expectPromise(place, { state: "failing", problem: "unreachable" });
  });

  it("that answers 207 with junk frees nothing until it makes sense again", async () => {
    const answer = { status: 207, headers: { "content-type": "application/xml" }, body: JUNK };
    const place = await at("dave", ({ door }) => door.answer(answer));
    await expectPromise(place, { state: "failing", problem: "not-a-calendar" });
  });

  it("that has enough of us for an hour is left alone for that long", async () => {
    const place = await at("erin", ({ door }) =>
      door.answer({ status: 429, headers: { "retry-after": "3600" } }),
    );
    await expectPromise(place, { state: "failing", problem: "rate-limited", restMs: HOUR_MS });
  });
});

describe.concurrent("a published link", () => {
  async function at(answer: DoorAnswer): Promise<Place> {
    const door = await doorBefore(published.url);
    const access = { kind: "feed", url: `${door.url}/basic.ics` } as const;
    return {
      connect: (host) => host.connects({ ...access, label: "Link" }),
      break: () => door.answer(answer),
      mend: () => door.open(),
      giveAccess: (host, id) => giveAccess(host, id, access),
    };
  }
  const whole = calendarAt(TEN);
  const [emptied, truncated] = [calendarAt(), whole.slice(0, whole.indexOf("END:VEVENT"))];

  it.each([
    [
      "that is empty all of a sudden",
      { status: 200, body: emptied },
      { state: "failing", problem: "emptied" },
    ],
    [
      "that ends in the middle",
      { status: 200, body: truncated },
      { state: "failing", problem: "not-a-calendar" },
    ],
    [
      "that breaks off",
      { status: 200, body: whole, isCut: true },
      { state: "failing", problem: "unreachable" },
    ],
    [
      "that leads to a page",
      { status: 200, body: "<!doctype html><p>Sign in" },
      { state: "failing", problem: "not-a-calendar" },
    ],
    ["that leads nowhere", { status: 404 }, { state: "needs_reauth", problem: "not-found" }],
    [
      "that leads into somebody's network",
      { status: 302, headers: { location: "http://10.0.0.1/basic.ics" } },
      { state: "needs_reauth", problem: "refused-address" },
    ],
    [
      "that is not to be read for an hour",
      { status: 429, headers: { "retry-after": "3600" } },
      { state: "failing", problem: "rate-limited", restMs: HOUR_MS },
    ],
  ] as const)("%s frees nothing and says so until that is over", async (_what, answer, promised) =>
    expectPromise(await at(answer), promised),
  );
});

function calendarAt(...starts: readonly string[]): string {
  const events = starts.flatMap((start) => [
    "BEGIN:VEVENT",
    "UID:ten@faults.test",
    "DTSTAMP:20260101T000000Z",
    `DTSTART:${start.replaceAll(/[-:]/g, "")}`,
    "DURATION:PT1H",
    "END:VEVENT",
  ]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", ...events, "END:VCALENDAR", ""].join("\r\n");
}
