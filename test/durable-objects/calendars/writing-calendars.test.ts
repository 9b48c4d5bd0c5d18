import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { booker, calendarOf, given, midnightIn, move } from "../support/booker.ts";
import { calDavOnTheNetwork } from "../support/caldav-on-the-network.ts";
import { connects, calendarId } from "../support/calendar-host.ts";
import { googleOnTheNetwork } from "../support/google-on-the-network.ts";
import { hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { inStorage, live, ring, stoppedClock } from "../support/time.ts";
import { takes, writingHost, entry, outboxOf } from "../support/writing-host.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

describe("a booking", () => {
  it("comes into the calendar when it is confirmed, moves there, and goes, and is never read as busy", async () => {
    const { host, day, server, connection, books, cancels, settles } = await writingHost();
    const booking = await books(10);
    await settles();
    expect(server.entries("a")).toEqual([entry(booking)]);
    const moved = given(await move(host.did, host.did, booking.uid, day + 12 * HOUR_MS));
    await settles();
    expect(server.entries("a")).toEqual([entry(moved)]);
    given(await calendarOf(host.did).refreshCalendars(connection.id));
    expect(await calendarOf(host.did).listConflicts()).toEqual([]);
    const half = given(await booker(host.did, "ann").movesTo(booking.uid, day + 12.5 * HOUR_MS));
    await settles();
    expect(server.entries("a")).toEqual([entry(half)]);
    await cancels(booking);
    await settles();
    expect(server.entries("a")).toEqual([]);
    expect(server.entries("b")).toEqual([]);
  });

  it("that waits for its host is not there, before it is confirmed and after its booker moved it", async () => {
    const { host, day, server, settles } = await writingHost();
    host.setMeetingType("intro", { approval: "manual" });
    await calendarOf(host.did).recordsChanged();
    const ann = booker(host.did, "ann");
    const booking = given(await ann.asksFor(day + 10 * HOUR_MS));
    expect((await outboxOf(host.did)).effects.map(({ kind }) => kind)).not.toContain("write-calendar");
    await settles();
    expect(server.writes()).toEqual([]);
    const change = { uid: booking.uid, callerDid: host.did };
    const confirmed = given(await calendarOf(host.did).confirmBooking(change));
    await settles();
    expect(server.entries("a")).toEqual([entry(confirmed)]);
    expect(given(await ann.movesTo(booking.uid, day + 11 * HOUR_MS)).status).toBe("pending");
    await settles();
    expect(server.entries("a")).toEqual([]);
    const again = given(await calendarOf(host.did).confirmBooking(change));
    await settles();
    expect(server.entries("a")).toEqual([entry(again)]);
  });

  it("of a host who chose no calendar for it is written nowhere, and costs no asking", async () => {
    const { host, server, connection, books, cancels, settles } = await writingHost();
    given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [] }));
    await cancels(await books(10));
    await settles();
    expect(server.writes()).toEqual([]);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 0 });
  });

  it("confirmed before the calendar was chosen comes into it then, what is over or called off does not", async () => {
    const { clock, host, server, connection, books, cancels, settles } = await writingHost();
    given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [] }));
    await books(1);
    await cancels(await books(11));
    const [running, ahead] = [await books(9), await books(12)];
    await live(host.did, clock, running.start + MINUTE_MS - clock.now);
    await takes(host, connection, "b");
    await settles();
    expect(server.entries("b")).toEqual([running, ahead].map(entry));
  });
});

it("bookings are written five for each alarm, so that slow calendars hold up nothing else for long", async () => {
  const { host, server, connection, books, settles } = await writingHost();
  given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [] }));
  for (let hour = 8; hour < 20; hour += 1) await books(hour);
  await settles();
  await takes(host, connection, "b");
  await ring(host.did);
  expect(server.entries("b")).toHaveLength(5);
  await settles();
  expect(server.entries("b")).toHaveLength(12);
});

describe("an entry whose answer was lost", () => {
  it("is written once", async () => {
    const { host, server, books, settles } = await writingHost();
    let lost = 0;
    server.answers(({ method }, go) => {
      const answer = go();
      if (method !== "PUT" || lost > 2) return answer;
      lost += 1;
      throw new TypeError("connection reset");
    });
    const booking = await books(10);
    await settles(MINUTE_MS);
    expect(lost).toBe(3);
    expect(server.entries("a")).toEqual([entry(booking)]);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 0 });
  });

  it("is gone when its booking was called off before it was asked for again", async () => {
    const { server, books, cancels, settles } = await writingHost();
    let isLost = false;
    server.answers(({ method }, go) => {
      const answer = go();
      if (method !== "PUT" || isLost) return answer;
      isLost = true;
      throw new TypeError("connection reset");
    });
    const booking = await books(10);
    await settles(500);
    expect(server.entries("a")).toEqual([entry(booking)]);
    await cancels(booking);
    await settles(MINUTE_MS);
    expect(server.entries("a")).toEqual([]);
  });
});

describe("a host who takes bookings into another calendar", () => {
  it("has the old entries stay where they are, be changed there, and new ones come into the new one", async () => {
    const { host, day, server, connection, books, cancels, settles } = await writingHost();
    const [old, older] = [await books(10), await books(11)];
    await settles();
    server.forgets();
    await takes(host, connection, "b");
    await settles();
    expect(server.writes()).toEqual([]);
    expect(server.entries("a")).toEqual([old, older].map(entry));
    expect(server.entries("b")).toEqual([]);
    const fresh = await books(12);
    const moved = given(await move(host.did, host.did, old.uid, day + 15 * HOUR_MS));
    await cancels(older);
    await settles();
    expect(server.entries("a")).toEqual([entry(moved)]);
    expect(server.entries("b")).toEqual([entry(fresh)]);
    // Into none any more: what stands is still kept right.
    given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [] }));
    await books(13);
    const again = given(await move(host.did, host.did, moved.uid, day + 16 * HOUR_MS));
    await cancels(fresh);
    await settles();
    expect(server.entries("a")).toEqual([entry(again)]);
    expect(server.entries("b")).toEqual([]);
  });

  it("has what stood in an account that was let go of written into the new one when it changes", async () => {
    const { host, day, server, connection, books, settles } = await writingHost();
    const [stays, changes] = [await books(10), await books(11)];
    await settles();
    await calendarOf(host.did).disconnectCalendars(connection.id);
    const other = calDavOnTheNetwork("c");
    await takes(host, await connects(host, other), "c");
    await settles();
    expect(other.entries("c")).toEqual([stays, changes].map(entry));
    const moved = given(await move(host.did, host.did, changes.uid, day + 15 * HOUR_MS));
    await settles();
    expect(other.entries("c")).toEqual([stays, moved].map(entry));
    expect(server.entries("a")).toEqual([stays, changes].map(entry));
  });

  it("has it so too where the account was let go of while a booking was being written into it", async () => {
    const { host, server, connection, books, settles } = await writingHost();
    const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    server.answers(async ({ method }, go) => {
      const answer = go();
      if (method === "PUT") {
        reached.resolve();
        await released.promise;
      }
      return answer;
    });
    const booking = await books(10);
    const writing = settles();
    await reached.promise;
    await calendarOf(host.did).disconnectCalendars(connection.id);
    released.resolve();
    await writing;
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 0 });
    const other = calDavOnTheNetwork("c");
    await takes(host, await connects(host, other), "c");
    await settles();
    expect(other.entries("c")).toEqual([entry(booking)]);
  });

  it("has it so too where the old calendar is gone from its account", async () => {
    const { host, day, server, connection, books, settles } = await writingHost();
    const booking = await books(10);
    await settles();
    const b = calendarId(connection, "b");
    given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [b], takesBookings: b }));
    server.removesCalendar("a");
    given(await calendarOf(host.did).refreshCalendars(connection.id));
    const moved = given(await move(host.did, host.did, booking.uid, day + 15 * HOUR_MS));
    await settles();
    expect(server.entries("b")).toEqual([entry(moved)]);
  });
});

it("a calendar at Google that takes bookings is asked for its events, which have names; the others are not", async () => {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  await calendarOf(host.did).getHost();
  const google = googleOnTheNetwork("a", "b");
  await google.givenTo(host.did);
  const access = google.access();
  const connection = given(
    await calendarOf(host.did).connectCalendars({ kind: "google", label: "G", access }),
  );
  const refreshed = async () => {
    const before = google.asked.length;
    given(await calendarOf(host.did).refreshCalendars(connection.id));
    return google.asked.slice(before).filter(({ line }) => /freeBusy|events/.test(line));
  };
  expect((await refreshed()).filter(({ line }) => line.includes("/events"))).toEqual([]);
  const [a = "", b = ""] = ["a", "b"].map((name) => calendarId(connection, name));
  given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [a, b], takesBookings: a }));
  await live(host.did, clock, 1_000);
  const [first, ...others] = await refreshed();
  expect(first?.line).toContain("GET /calendar/v3/calendars/a/events?");
  for (const { line, body } of others)
    expect([line, body]).toEqual([expect.stringContaining("/freeBusy"), expect.not.stringContaining('"a"')]);
  // Once entries stand in it, it is so, be it chosen or not.
  given(await booker(host.did, "ann").asksFor(midnightIn(3)));
  await live(host.did, clock, 1_000);
  given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [a, b] }));
  expect((await refreshed())[0]?.line).toContain("/calendars/a/events?");
});

it("what is known of entries goes with their bookings", async () => {
  const { clock, host, books, settles } = await writingHost();
  await books(10);
  await settles();
  const written = () =>
    inStorage(
      host.did,
      ({ sql }) => sql.exec("SELECT count(*) AS count FROM written_bookings").one()["count"],
    );
  expect(await written()).toBe(1);
  clock.moveBy(120 * 24 * HOUR_MS);
  await env.HOST_CALENDAR.getByName(host.did).reconcileHistory();
  expect(await written()).toBe(0);
});
