import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { startCheckedGoogle } from "./support/checked-google.ts";
import type { CheckedGoogle } from "./support/checked-google.ts";
import { CLIENT, call, signIn } from "./support/visitor.ts";
import type { Answer } from "./support/visitor.ts";

const ALICE = "alice@gmail.example";
const EVENTS = "/calendars/primary/events";
const TEN = { dateTime: "2026-10-19T10:00:00+02:00" };
const ELEVEN = { dateTime: "2026-10-19T11:00:00+02:00" };

interface Event {
  readonly id: string;
  readonly etag: string;
  readonly status: string;
  readonly sequence: number;
  readonly summary?: string;
  readonly start: { readonly dateTime?: string };
}
interface List {
  readonly items: readonly Event[];
  readonly nextPageToken?: string;
  readonly nextSyncToken?: string;
}

let google: CheckedGoogle;
let accessToken: string;

beforeAll(async () => {
  google = await startCheckedGoogle();
});
afterAll(async () => {
  await google.stop();
  expect(google.problems).toEqual([]);
});

beforeEach(async () => {
  google.seed({
    clients: [CLIENT],
    accounts: [{ email: ALICE, timeZone: "Europe/Berlin" }, { email: "bob@gmail.example" }],
    calendars: [{ id: "team", summary: "Team", owner: "bob@gmail.example" }],
    listings: [{ account: ALICE, calendar: "team", accessRole: "writer" }],
  });
  accessToken = (await signIn(google, ALICE, "calendar.events")).access_token;
});

const insert = (body: object, calendar = "primary"): Promise<Answer> =>
  call(google, accessToken, `POST /calendars/${calendar}/events`, { start: TEN, end: ELEVEN, ...body });
const inserted = async (body: object = {}): Promise<Event> => (await insert(body)).body as Event;
const list = async (query = ""): Promise<List> =>
  (await call(google, accessToken, `GET ${EVENTS}${query}`)).body as List;
const reasonOf = ({ body }: Answer): string =>
  (body as { error: { errors: { reason: string }[] } }).error.errors[0]?.reason ?? "";

describe("events.insert", () => {
  it("gives back the event with what Google fills in, in the calendar's zone", async () => {
    const { status, body } = await insert({ summary: "Talk", start: { dateTime: "2026-10-19T08:00:00Z" } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: "calendar#event",
      id: expect.stringMatching(/^[a-v0-9]{26}$/),
      iCalUID: expect.stringMatching(/@google\.com$/),
      status: "confirmed",
      sequence: 0,
      summary: "Talk",
      start: { dateTime: "2026-10-19T10:00:00+02:00", timeZone: "Europe/Berlin" },
      creator: { email: ALICE, self: true },
      organizer: { email: ALICE, self: true },
    });
  });

  it("takes an id once, also when its event was deleted meanwhile", async () => {
    expect((await insert({ id: "booking1" })).status).toBe(200);
    const again = await insert({ id: "booking1" });
    expect([again.status, reasonOf(again)]).toEqual([409, "duplicate"]);
    await call(google, accessToken, `DELETE ${EVENTS}/booking1`);
    expect((await insert({ id: "booking1" })).status).toBe(409);
  });

  it("takes a UID once, which is then found by it", async () => {
    const { id } = await inserted({ iCalUID: "uid-1@broker.example" });
    expect(reasonOf(await insert({ iCalUID: "uid-1@broker.example" }))).toBe("duplicate");
    await inserted();
    expect((await list("?iCalUID=uid-1%40broker.example")).items).toMatchObject([{ id }]);
  });

  it.each([
    ["required", { start: null }],
    ["invalid", { start: { dateTime: "2026-10-19T10:00:00" } }],
    ["invalid", { start: { dateTime: "2026-10-19T10:00:00", timeZone: "Mars/Olympus" } }],
    ["invalid", { start: { date: "2026-10-19" } }],
    ["invalid", { start: { date: "2026-10-19", dateTime: TEN.dateTime } }],
    ["timeRangeEmpty", { end: { dateTime: "2026-10-19T09:00:00+02:00" } }],
    ["invalid", { id: "NOT-BASE32" }],
    ["invalid", { id: "booking1", iCalUID: "uid-1@broker.example" }],
    ["required", { recurrence: ["RRULE:FREQ=DAILY"] }],
    [
      "invalid",
      {
        recurrence: ["DTSTART:20261019T100000Z"],
        start: { ...TEN, timeZone: "UTC" },
        end: { ...ELEVEN, timeZone: "UTC" },
      },
    ],
    ["invalid", { transparency: "glass" }],
    ["invalid", { attendees: [{ email: "nobody" }] }],
  ])("refuses with 400 %s: %o", async (reason, body) => {
    const answer = await insert(body);
    expect([answer.status, reasonOf(answer)]).toEqual([400, reason]);
  });

  it("needs a role in the calendar that lets it write, and a scope that reaches there", async () => {
    expect((await insert({}, "team")).status).toBe(200);
    google.seed({ listings: [{ account: ALICE, calendar: "team", accessRole: "reader" }] });
    const reader = await insert({}, "team");
    expect([reader.status, reasonOf(reader)]).toEqual([403, "requiredAccessLevel"]);
    expect((await insert({}, "bob%40gmail.example")).status).toBe(404);

    google.seed({ listings: [{ account: ALICE, calendar: "team", accessRole: "writer" }] });
    accessToken = (await signIn(google, ALICE, "calendar.events.owned")).access_token;
    expect((await insert({})).status).toBe(200);
    const notOwned = await insert({}, "team");
    expect([notOwned.status, reasonOf(notOwned)]).toEqual([403, "insufficientPermissions"]);
  });

  it("keeps an app that may only touch its own calendars to those", async () => {
    accessToken = (await signIn(google, ALICE, "calendar.app.created")).access_token;
    const { body } = await call(google, accessToken, "POST /calendars", { summary: "Bookings" });
    expect((await insert({}, (body as Event).id)).status).toBe(200);
    expect((await insert({})).status).toBe(403);
  });
});

describe("events.import", () => {
  const uid = { iCalUID: "uid-2@broker.example", start: TEN, end: ELEVEN };
  const bring = (body: object): Promise<Answer> => call(google, accessToken, `POST ${EVENTS}/import`, body);

  it("makes one event out of the same UID, and brings it back when it was deleted", async () => {
    const first = (await bring({ ...uid, summary: "Before" })).body as Event;
    const second = (await bring({ ...uid, summary: "After", sequence: 1 })).body as Event;
    expect(second).toMatchObject({ id: first.id, summary: "After", sequence: 1 });
    expect((await list()).items).toHaveLength(1);
    await call(google, accessToken, `DELETE ${EVENTS}/${first.id}`);
    expect((await bring({ ...uid, sequence: 5 })).body).toMatchObject({ id: first.id, status: "confirmed" });
  });

  it("needs a UID, and refuses an older sequence", async () => {
    expect(reasonOf(await bring({ start: TEN, end: ELEVEN }))).toBe("required");
    await bring({ ...uid, sequence: 3 });
    expect((await bring({ ...uid, sequence: 2 })).status).toBe(400);
  });
});

describe("changing an event", () => {
  it("by patch leaves the rest, by update does not", async () => {
    const { id } = await inserted({ summary: "Talk", location: "Here", attendees: [{ email: ALICE }] });
    const patched = await call(google, accessToken, `PATCH ${EVENTS}/${id}`, {
      location: null,
      summary: "Walk",
    });
    expect(patched.body).toMatchObject({ summary: "Walk", attendees: [{ self: true }], sequence: 0 });
    expect(patched.body).not.toHaveProperty("location");
    const updated = await call(google, accessToken, `PUT ${EVENTS}/${id}`, { start: TEN, end: ELEVEN });
    expect(updated.body).toMatchObject({ id });
    expect(updated.body).not.toHaveProperty("summary");
  });

  it("in time raises its sequence, and an older one is refused", async () => {
    const { id } = await inserted();
    const end = { dateTime: "2026-10-19T12:00:00+02:00" };
    const moved = await call(google, accessToken, `PATCH ${EVENTS}/${id}`, { end });
    expect(moved.body).toMatchObject({ sequence: 1, end });
    const old = await call(google, accessToken, `PUT ${EVENTS}/${id}`, { start: TEN, end, sequence: 0 });
    expect([old.status, reasonOf(old)]).toEqual([400, "invalid"]);
  });

  it("is refused where it has changed meanwhile", async () => {
    const { id, etag } = await inserted();
    const patch = (): Promise<Answer> =>
      call(google, accessToken, `PATCH ${EVENTS}/${id}`, { summary: "New" }, { "if-match": etag });
    expect((await patch()).status).toBe(200);
    const second = await patch();
    expect([second.status, reasonOf(second)]).toEqual([412, "conditionNotMet"]);
  });

  it("to another day makes one instance of a series an exception", async () => {
    google.seed({
      events: [{ calendar: ALICE, id: "daily", start: "2026-10-19T10:00:00", rrule: "FREQ=DAILY;COUNT=3" }],
    });
    const id = "daily_20261020T080000Z";
    const body = {
      start: { dateTime: "2026-11-02T10:00:00+01:00" },
      end: { dateTime: "2026-11-02T11:00:00+01:00" },
    };
    const moved = await call(google, accessToken, `PATCH ${EVENTS}/${id}`, body);
    expect(moved.body).toMatchObject({
      id,
      recurringEventId: "daily",
      originalStartTime: { dateTime: "2026-10-20T10:00:00+02:00" },
    });
    await call(google, accessToken, `DELETE ${EVENTS}/daily_20261021T080000Z`);
    const { items } = await list("?singleEvents=true&orderBy=startTime");
    expect(items.map(({ start }) => start.dateTime)).toEqual([
      "2026-10-19T10:00:00+02:00",
      "2026-11-02T10:00:00+01:00",
    ]);
  });
});

describe("deleting an event", () => {
  it("is done once, and 410 from then on", async () => {
    const { id } = await inserted({ summary: "Talk" });
    const remove = (): Promise<Answer> => call(google, accessToken, `DELETE ${EVENTS}/${id}`);
    expect((await remove()).status).toBe(204);
    const second = await remove();
    expect([second.status, reasonOf(second)]).toEqual([410, "deleted"]);
    expect((await call(google, accessToken, `GET ${EVENTS}/${id}`)).body).toMatchObject({
      status: "cancelled",
      summary: "Talk",
    });
    expect((await list()).items).toEqual([]);
    expect((await list("?showDeleted=true")).items).toMatchObject([{ id, status: "cancelled" }]);
    expect((await call(google, accessToken, `DELETE ${EVENTS}/nothing`)).status).toBe(404);
  });

  it("can be taken back by a status, and by nothing else", async () => {
    const { id } = await inserted();
    await call(google, accessToken, `DELETE ${EVENTS}/${id}`);
    const change = (body: object): Promise<Answer> =>
      call(google, accessToken, `PATCH ${EVENTS}/${id}`, body);
    expect(reasonOf(await change({ summary: "New" }))).toBe("forbidden");
    expect((await change({ status: "confirmed" })).body).toMatchObject({ id, status: "confirmed" });
  });
});

describe("events.list", () => {
  it("comes in pages, then in changes, deletions among them", async () => {
    for (const summary of ["one", "two", "three"]) await inserted({ summary });
    const first = await list("?maxResults=2");
    expect(first.items.map(({ summary }) => summary)).toEqual(["one", "two"]);
    const last = await list(`?maxResults=2&pageToken=${first.nextPageToken}`);
    expect(last.items.map(({ summary }) => summary)).toEqual(["three"]);
    const synced = (): Promise<List> => list(`?syncToken=${last.nextSyncToken}`);
    expect((await synced()).items).toEqual([]);
    const { id } = await inserted({ summary: "four" });
    await call(google, accessToken, `DELETE ${EVENTS}/${first.items[0]?.id}`);
    expect((await synced()).items).toMatchObject([
      { id: first.items[0]?.id, status: "cancelled" },
      { id, summary: "four" },
    ]);
  });

  it.each([
    "iCalUID=x",
    "orderBy=updated",
    "q=x",
    "timeMin=2026-10-01T00:00:00Z",
    "updatedMin=2026-10-01T00:00:00Z",
  ])("takes no %s along with a sync token", async (parameter) => {
    const { nextSyncToken } = await list();
    const answer = await call(google, accessToken, `GET ${EVENTS}?syncToken=${nextSyncToken}&${parameter}`);
    expect(answer.status).toBe(400);
  });

  it("takes a sync token of this calendar only, while it is valid", async () => {
    const { nextSyncToken } = await list();
    const ask = (calendar: string): Promise<Answer> =>
      call(google, accessToken, `GET /calendars/${calendar}/events?syncToken=${nextSyncToken}`);
    expect((await ask("team")).status).toBe(400);
    google.expireSyncTokens();
    const late = await ask("primary");
    expect([late.status, reasonOf(late)]).toEqual([410, "fullSyncRequired"]);
  });

  it("is limited by when events end and begin, and expands series on request", async () => {
    google.seed({
      events: [{ calendar: ALICE, id: "weekly", start: "2026-10-05T10:00:00", rrule: "FREQ=WEEKLY" }],
    });
    await inserted();
    const range = "timeMin=2026-10-12T08:30:00Z&timeMax=2026-10-26T09:00:00Z";
    expect((await list(`?${range}`)).items.map(({ id }) => id)).toEqual(["weekly", expect.any(String)]);
    const { items } = await list(`?${range}&singleEvents=true&orderBy=startTime&timeZone=UTC`);
    expect(items.map(({ start }) => start.dateTime)).toEqual([
      "2026-10-12T08:00:00Z",
      "2026-10-19T08:00:00Z",
      "2026-10-19T08:00:00Z",
    ]);
    const noOrder = await call(google, accessToken, `GET ${EVENTS}?orderBy=startTime`);
    expect(noOrder.status).toBe(400);
  });

  it("shows no more than when, to who may see no more", async () => {
    await inserted({ summary: "Secret", attendees: [{ email: ALICE }], location: "Here" });
    accessToken = (await signIn(google, ALICE, "calendar.events.freebusy")).access_token;
    const { items } = await list();
    expect(items).toMatchObject([{ visibility: "private", start: TEN }]);
    for (const name of ["summary", "attendees", "location", "organizer", "creator", "htmlLink"]) {
      expect(items[0]).not.toHaveProperty(name);
    }
    expect((await insert({})).status).toBe(403);
  });
});
