/** The CalDAV source on servers that are too much for every test run. Where one is not installed, its tests say how to install it. */

import { createDAVClient } from "tsdav";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { removeCalDavBooking, writeCalDavBooking } from "../../adapters/calendars/caldav/caldav-write.ts";
import { bookingCalendar } from "../../adapters/ics/booking-calendar.ts";
import { calendarUid } from "../../adapters/ics/booking-text.ts";
import { BOOKING } from "../adapters/ics/booking.ts";
import { CALDAV_CASES, HOST_ADDRESS, calendarText, written } from "../support/caldav-cases.ts";
import { NOW, SETTINGS, accessTo, find, read, readOne } from "../support/caldav-questions.ts";
import type { CalDavServer } from "../support/caldav-server.ts";
import { CYRUS_PACKAGES, canRunCyrus, startCyrus } from "../support/cyrus.ts";
import { SABREDAV_PACKAGES, canRunSabreDav, startSabreDav } from "../support/sabredav.ts";
import { XANDIKOS_PACKAGES, canRunXandikos, startXandikos } from "../support/xandikos.ts";

interface Peer {
  readonly name: string;
  readonly packages: string;
  readonly isHere: boolean;
  readonly begin: () => Promise<CalDavServer>;
  readonly asksForPassword: boolean;
  /** Whether it keeps two events of one UID in a calendar, which RFC 4791 5.3.2.1 forbids. */
  readonly keepsTwins: boolean;
}

const PEERS: readonly Peer[] = [
  {
    name: "Cyrus",
    packages: `${CYRUS_PACKAGES} (as root)`,
    isHere: canRunCyrus(),
    begin: startCyrus,
    keepsTwins: false,
    asksForPassword: true,
  },
  {
    name: "Xandikos",
    packages: XANDIKOS_PACKAGES,
    isHere: canRunXandikos(),
    begin: startXandikos,
    keepsTwins: false,
    asksForPassword: false,
  },
  {
    name: "SabreDAV",
    packages: SABREDAV_PACKAGES,
    isHere: canRunSabreDav(),
    begin: startSabreDav,
    keepsTwins: true,
    asksForPassword: true,
  },
];

describe.each(PEERS)("$name", ({ name, packages, isHere, begin, asksForPassword, keepsTwins }) => {
  if (!isHere) {
    it.skip(`${name} is not installed: apt-get install ${packages}`, () => undefined);
    return;
  }
  let server: CalDavServer;
  beforeAll(async () => {
    server = await begin();
  });
  afterAll(() => server.stop());

  it.each(CALDAV_CASES)("reads $name", async ({ name: what, events, busy }) => {
    const calendar = await server.makeCalendar(what.replaceAll(/[^a-z]+/g, "-"));
    const status = await server.put(calendar, "it", calendarText(`it of ${what}`, events));
    expect(status).toBe(201);
    const access = JSON.stringify({ ...JSON.parse(accessTo(server)), addresses: [HOST_ADDRESS] });
    const reading = await readOne(server, calendar, { access });
    expect(reading.kind === "read" && written(reading.busy)).toEqual(busy);
  });

  it("finds what another client finds, wherever one begins", async () => {
    const calendar = await server.makeCalendar("found");
    const client = await createDAVClient({
      serverUrl: new URL(".", calendar).href,
      credentials: { username: server.username, password: server.password },
      authMethod: "Basic",
      defaultAccountType: "caldav",
    });
    const theirs = (await client.fetchCalendars()).map(({ url }) => decodeURI(url)).toSorted();
    expect(theirs).toContain(decodeURI(calendar.href));
    for (const url of [server.url, new URL(".", calendar).href, calendar.href]) {
      const found = await find({ ...server, url });
      const ours = found.kind === "found" ? found.calendars.map(({ ref }) => decodeURI(ref)) : [];
      expect(ours.toSorted()).toEqual(theirs);
    }
  });

  it.skipIf(!asksForPassword)("says that the password is wrong", async () => {
    const calendar = await server.makeCalendar("closed");
    const wrong = { ...server, password: "guessed" };
    expect(await find(wrong)).toEqual({ kind: "failed", problem: "unauthorized" });
    expect(await read(wrong, [calendar])).toEqual({ kind: "failed", problem: "unauthorized" });
  });

  it("says that a calendar is gone", async () => {
    const gone = new URL("../gone/", await server.makeCalendar("there"));
    expect(await readOne(server, gone)).toEqual({ kind: "failed", problem: "not-found" });
  });

  it("is unchanged until something in the calendar changes", async () => {
    const calendar = await server.makeCalendar("changing");
    const text = calendarText("changing", [["DTSTART:20260312T100000Z", "DTEND:20260312T110000Z"]]);
    await server.put(calendar, "it", text);
    const first = await readOne(server, calendar);
    const validators = (first.kind === "read" && first.validators) || "";
    const again = async () => {
      const reading = await read(server, [], { calendars: [{ id: "it", ref: calendar.href, validators }] });
      return reading.kind === "read" ? reading.calendars.get("it")?.kind : reading;
    };
    expect(await again()).toBe("unchanged");
    await server.put(calendar, "it", text.replace("T110000Z", "T120000Z"));
    expect(await again()).toBe("read");
  });

  it("keeps a booking as one event, written and moved and removed", async () => {
    const calendar = await server.makeCalendar("written");
    const place = { access: accessTo(server), ref: calendar.href };
    const start = NOW;
    for (const moved of [0, 3_600_000]) {
      const booking = { ...BOOKING, start: start + moved, end: start + moved + 1_800_000 };
      expect(await writeCalDavBooking(place, booking, SETTINGS, NOW)).toEqual({ kind: "done" });
      const reading = await readOne(server, calendar);
      expect(reading).toMatchObject({ kind: "read", busy: [{ start: start + moved }] });
    }
    const uid = calendarUid(BOOKING.uid, SETTINGS.PUBLIC_URL);
    const isBooking = (found: string): boolean => found === uid;
    expect(await readOne(server, calendar, { isBooking })).toMatchObject({ kind: "read", busy: [] });
    for (let times = 0; times < 2; times += 1) {
      expect(await removeCalDavBooking(place, BOOKING.uid, SETTINGS, NOW)).toEqual({ kind: "done" });
    }
    expect(await readOne(server, calendar)).toMatchObject({ kind: "read", busy: [] });
  });

  it("takes over the copy that a host imported, from this calendar and, where it cannot be in both, from another", async () => {
    const calendar = await server.makeCalendar("target");
    const other = await server.makeCalendar("other");
    const booking = { ...BOOKING, start: NOW, end: NOW + 1_800_000 };
    const file = bookingCalendar(booking, { publicUrl: SETTINGS.PUBLIC_URL, now: NOW });
    const place = { access: accessTo(server), ref: calendar.href };
    for (const imported of [calendar, other]) {
      await server.put(
        imported,
        "imported",
        file.replace(/METHOD:.*\r\n/, "").replace(/ORGANIZER.*\r\n/, ""),
      );
      const moved = { ...booking, sequence: 2, start: NOW + 3_600_000, end: NOW + 7_200_000 };
      expect(await writeCalDavBooking(place, moved, SETTINGS, NOW)).toEqual({ kind: "done" });
      const reading = await readOne(server, calendar);
      const starts = reading.kind === "read" ? reading.busy.map(({ start }) => start - NOW) : [];
      expect(starts).toEqual(keepsTwins && imported === calendar ? [0, 3_600_000] : [3_600_000]);
      expect(await removeCalDavBooking(place, BOOKING.uid, SETTINGS, NOW)).toEqual({ kind: "done" });
      expect(await readOne(server, calendar)).toMatchObject({ kind: "read", busy: [] });
    }
  });
});
