import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeSettings } from "../../adapters/d1/settings-rows.ts";
import type { Booking } from "../../scheduling/booking.ts";
import { booker, calendarOf, given, midnightIn, move } from "./support/booker.ts";
import { notificationsAbout } from "./support/history.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "./support/host-on-the-network.ts";
import { type Clock, inStorage, live, ring, stoppedClock } from "./support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let clock: Clock;
let host: HostOnTheNetwork;
let start: number;

beforeEach(() => {
  clock = stoppedClock();
  host = hostOnTheNetwork();
  start = midnightIn(4);
});

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

const booked = async (): Promise<Booking> => given(await booker(host.did, "ann").asksFor(start));

/** Alarms ring as they are set, until this instant. */
const liveUntil = (at: number) => live(host.did, clock, at - clock.now);

async function reminders(): Promise<string[]> {
  return (await notificationsAbout(host.did)).filter((id) => id.includes("booking.reminder"));
}

/** The ids of both sides' reminders of a start. */
const both = ({ uid }: Booking, of: number, ...leads: ("day" | "hour")[]) =>
  leads.flatMap((lead) => ["booker", "host"].map((side) => `${uid}/${of}/booking.reminder/${lead}/${side}`));

const remindersStored = () =>
  inStorage(host.did, ({ sql }) => sql.exec("SELECT count(*) AS count FROM reminders").one()["count"]);

it("a booking reminds both of its people a day and an hour before, and not earlier", async () => {
  const booking = await booked();
  await liveUntil(start - DAY_MS - 1);
  expect(await reminders()).toEqual([]);
  await liveUntil(start - DAY_MS + MINUTE_MS);
  expect(await reminders()).toEqual(both(booking, start, "day"));
  await liveUntil(start - HOUR_MS - 1);
  expect(await reminders()).toEqual(both(booking, start, "day"));
  await liveUntil(start + DAY_MS);
  expect(await reminders()).toEqual(both(booking, start, "day", "hour"));
  const { results } = await env.DB.prepare(
    "SELECT recipient_did, other_handle, meeting_title, start_time FROM notifications WHERE id IN (?, ?) ORDER BY id",
  )
    .bind(...both(booking, start, "hour"))
    .all();
  expect(results).toMatchObject([
    { recipient_did: booking.booker.did, other_handle: booking.host.handle, start_time: start },
    { recipient_did: host.did, other_handle: "ann.test", start_time: start },
  ]);
  expect(await remindersStored()).toBe(0);
});

describe("a booking that was moved", () => {
  it("reminds of its new start and not of the old one", async () => {
    const booking = await booked();
    given(await booker(host.did, "ann").movesTo(booking.uid, start + DAY_MS));
    await liveUntil(start + 2 * DAY_MS);
    expect(await reminders()).toEqual(both(booking, start + DAY_MS, "day", "hour"));
  });

  it("after it has reminded does so anew", async () => {
    const booking = await booked();
    await liveUntil(start - 2 * HOUR_MS);
    given(await booker(host.did, "ann").movesTo(booking.uid, start + 2 * DAY_MS));
    await liveUntil(start + 3 * DAY_MS);
    expect(await reminders()).toEqual([
      ...both(booking, start, "day"),
      ...both(booking, start + 2 * DAY_MS, "day", "hour"),
    ]);
  });

  it("reminds nobody while it waits for the host, and then of what is still ahead", async () => {
    host.setMeetingType("intro", { approval: "manual" });
    const booking = await booked();
    await calendarOf(host.did).confirmBooking({ uid: booking.uid, callerDid: host.did });
    await liveUntil(start - DAY_MS - HOUR_MS);
    given(await booker(host.did, "ann").movesTo(booking.uid, start + HOUR_MS));
    await liveUntil(start - 5 * HOUR_MS);
    expect(await reminders()).toEqual([]);
    given(await calendarOf(host.did).confirmBooking({ uid: booking.uid, callerDid: host.did }));
    await liveUntil(start + DAY_MS);
    expect(await reminders()).toEqual(both(booking, start + HOUR_MS, "hour"));
  });

  it("by a version that knows no reminders sends none for where it no longer is", async () => {
    const booking = await booked();
    await inStorage(host.did, ({ sql }) => sql.exec("UPDATE reminders SET start_at = start_at - ?", HOUR_MS));
    await liveUntil(start + DAY_MS);
    expect(await reminders()).toEqual([]);
    expect(booking.start).toBe(start);
  });
});

it("a cancelled booking never reminds", async () => {
  const { uid } = await booked();
  given(await calendarOf(host.did).cancelBooking({ uid, callerDid: host.did }));
  expect(await remindersStored()).toBe(0);
  await liveUntil(start + DAY_MS);
  expect(await reminders()).toEqual([]);
});

it("a request that nobody answers never reminds", async () => {
  host.setMeetingType("intro", { approval: "manual" });
  await booked();
  await liveUntil(start + DAY_MS);
  expect(await reminders()).toEqual([]);
});

it.each([
  ["half an hour", HOUR_MS / 2, [] as const],
  ["five hours", 5 * HOUR_MS, ["hour"] as const],
])("a booking made %s before its start reminds only of what is ahead", async (_name, notice, leads) => {
  clock.moveTo(start - notice);
  const booking = await booked();
  await liveUntil(start + DAY_MS);
  expect(await reminders()).toEqual(both(booking, start, ...leads));
});

describe("an alarm", () => {
  it("that rings late loses none, and one that rings again repeats none", async () => {
    const booking = await booked();
    await liveUntil(start - DAY_MS - HOUR_MS);
    clock.moveTo(start - DAY_MS + 3 * HOUR_MS);
    for (let rings = 0; rings < 3; rings += 1) await ring(host.did);
    clock.moveBy(MINUTE_MS);
    await ring(host.did);
    expect(await reminders()).toEqual(both(booking, start, "day"));
    await inStorage(host.did, ({ sql }) => sql.exec("UPDATE timers SET due_at = 0 WHERE kind = 'remind'"));
    await ring(host.did);
    await liveUntil(start + DAY_MS);
    expect(await reminders()).toEqual(both(booking, start, "day", "hour"));
  });

  it("that rings after the start reminds of nothing any more", async () => {
    await booked();
    await liveUntil(start - DAY_MS - HOUR_MS);
    clock.moveTo(start);
    await liveUntil(start + DAY_MS);
    expect(await reminders()).toEqual([]);
  });
});

it("whoever switched one off gets the other only, and the other person gets both", async () => {
  const booking = await booked();
  await writeSettings(env.DB, host.did, { reminders: { dayBefore: false, hourBefore: true } }, clock.now);
  await liveUntil(start + DAY_MS);
  expect(await reminders()).toEqual(
    both(booking, start, "day", "hour").filter((id) => !id.endsWith("day/host")),
  );
});

it("a host whose bookings were made before there were reminders gets those still ahead", async () => {
  const booking = await booked();
  await inStorage(host.did, ({ sql }) => {
    sql.exec("DROP TABLE reminders");
    sql.exec("DELETE FROM timers WHERE kind = 'remind'");
    sql.exec("DELETE FROM schema_steps WHERE id = 7");
  });
  await abortAllDurableObjects();
  await calendarOf(host.did).readPolicy();
  await liveUntil(start + DAY_MS);
  expect(await reminders()).toEqual(both(booking, start, "day", "hour"));
});

it("the host who moves a booking is reminded like its booker", async () => {
  const booking = await booked();
  given(await move(host.did, host.did, booking.uid, start + HOUR_MS));
  await liveUntil(start + DAY_MS);
  expect(await reminders()).toEqual(both(booking, start + HOUR_MS, "day", "hour"));
});
