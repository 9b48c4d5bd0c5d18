import { afterEach, describe, expect, it, vi } from "vitest";
import { calendarOf, given } from "../support/booker.ts";
import { calDavOnTheNetwork } from "../support/caldav-on-the-network.ts";
import {
  connectedHost,
  connects,
  calendarId,
  chooses,
  blockingOf,
  takingOf,
  takenHours,
  holdUp,
  holdUpSealing,
} from "../support/calendar-host.ts";
import { live } from "../support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

describe("a choice made while a reading is under way", () => {
  it("holds: what the reading brings of a calendar that blocks no more is not taken", async () => {
    const { host, day, server, id, idOf } = await connectedHost();
    given(await chooses(host, id, [idOf("a"), idOf("quiet")]));
    server.putsEvent("a", day + 14 * HOUR_MS);
    const held = holdUp(server, "REPORT", "a");
    const reading = calendarOf(host.did).refreshCalendars(id);
    await held.reached;
    given(await chooses(host, id, [idOf("quiet")]));
    held.release();
    await reading;
    expect(await blockingOf(host)).toEqual(["quiet"]);
    expect(await takenHours(host, day)).toEqual([11]);
  });

  it("holds: a calendar that blocks since then is not freed by what the reading does not say of it", async () => {
    const { clock, host, day, server, id, idOf } = await connectedHost();
    const held = holdUp(server, "PROPFIND", "a");
    const reading = calendarOf(host.did).refreshCalendars(id);
    await held.reached;
    given(await chooses(host, id, [idOf("a"), idOf("quiet")]));
    held.release();
    const view = given(await reading);
    expect(view.state).toBe("ok");
    expect(await takenHours(host, day)).toEqual([10, 11]);
    // And what was due is due: the reading that brought nothing is done again.
    server.putsEvent("a", day + 16 * HOUR_MS);
    await live(host.did, clock, 20 * MINUTE_MS);
    expect(await takenHours(host, day)).toEqual([10, 11, 16]);
  });

  it("keeps what a reading brought that began and ended while the choice waited for its own", async () => {
    const { host, day, server, id, idOf } = await connectedHost();
    const held = holdUp(server, "REPORT", "quiet");
    const choice = chooses(host, id, [idOf("a"), idOf("quiet")]);
    await held.reached;
    server.putsEvent("a", day + 14 * HOUR_MS);
    given(await calendarOf(host.did).refreshCalendars(id));
    held.release();
    given(await choice);
    expect(await takenHours(host, day)).toEqual([10, 11, 14]);
  });

  it("is not undone by an earlier one that comes to its end later", async () => {
    const { host, day, server, id, idOf } = await connectedHost();
    const held = holdUp(server, "REPORT", "quiet");
    const slow = chooses(host, id, [idOf("a"), idOf("quiet")]);
    await held.reached;
    given(await chooses(host, id, []));
    held.release();
    const view = given(await slow);
    // Who was answered last has what they asked for.
    expect(view.calendars.map(({ blocks }) => blocks)).toEqual([true, true]);
    expect(await takenHours(host, day)).toEqual([10, 11]);
  });

  it("holds, be it made while what was found in the account is sealed", async () => {
    const { host, server, id, idOf } = await connectedHost();
    server.removesCalendar("quiet");
    const sealing = holdUpSealing();
    const reading = calendarOf(host.did).refreshCalendars(id);
    await sealing.reached;
    given(await chooses(host, id, [], idOf("quiet")));
    sealing.release();
    given(await reading);
    expect([await blockingOf(host), await takingOf(host)]).toEqual([[], ["quiet"]]);
  });

  it("leaves one calendar that takes bookings, be two chosen at the same time", async () => {
    const { host, server, id, idOf } = await connectedHost();
    const other = calDavOnTheNetwork("b");
    const second = await connects(host, other);
    given(await chooses(host, id, [idOf("a")], idOf("quiet")));
    const held = holdUp(server, "REPORT", "quiet");
    const slow = chooses(host, id, [idOf("a"), idOf("quiet")], idOf("quiet"));
    await held.reached;
    given(await chooses(host, second.id, [calendarId(second, "b")], calendarId(second, "b")));
    held.release();
    given(await slow);
    expect(await takingOf(host)).toEqual(["quiet"]);
  });

  it("does not bring back that a calendar takes bookings where another one does by then", async () => {
    const { host, server, id, idOf } = await connectedHost();
    const second = await connects(host, calDavOnTheNetwork("b"));
    given(await chooses(host, id, [idOf("a")], idOf("quiet")));
    const held = holdUp(server, "REPORT", "quiet");
    const slow = chooses(host, id, [idOf("a"), idOf("quiet")]);
    await held.reached;
    given(await chooses(host, second.id, [], calendarId(second, "b")));
    held.release();
    given(await slow);
    expect(await takingOf(host)).toEqual(["b"]);
  });

  it("does not bring back an account that was let go of meanwhile", async () => {
    const { host, day, server, id, idOf } = await connectedHost();
    const held = holdUp(server, "REPORT", "quiet");
    const slow = chooses(host, id, [idOf("a"), idOf("quiet")]);
    await held.reached;
    await calendarOf(host.did).disconnectCalendars(id);
    held.release();
    expect(await slow).toMatchObject({ refusal: { code: "CalendarNotFound" } });
    expect(await calendarOf(host.did).listCalendars()).toEqual([]);
    expect(await takenHours(host, day)).toEqual([]);
  });
});
