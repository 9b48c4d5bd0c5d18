import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBusyPeriods } from "../../../adapters/calendars/icalendar/busy-periods.ts";
import { isWholeCalendar, refreshMinutes } from "../../../adapters/calendars/feed/feed-text.ts";
import { bookingFeed } from "../../../adapters/ics/booking-feed.ts";
import type { Booking } from "../../../scheduling/booking.ts";
import { mergePeriods } from "../../../scheduling/period.ts";
import { DAY, MINUTE } from "../../../scheduling/time-zone.ts";
import { BOOKING } from "./booking.ts";
import { cleanedText, expectLinesAsTheyMustBe, hostileText } from "./hostile.ts";
import { readWithIcalJs, readWithVobject } from "./other-readers.ts";

const HOUR = 60 * MINUTE;

const CONTEXT = {
  publicUrl: "https://cal.example",
  name: "Bookings of @alice.test",
  now: Date.UTC(2026, 10, 22, 12),
};

const CREATED = Date.UTC(2026, 10, 20, 8);

function booking(at: number, more: Partial<Booking> = {}): Booking {
  const start = BOOKING.start + at * HOUR;
  return { ...BOOKING, uid: `booking${at}`, start, end: start + 30 * MINUTE, createdAt: CREATED, ...more };
}

const PENDING: Partial<Booking> = { status: "pending", sequence: 0, expiresAt: CONTEXT.now + DAY };

describe("the calendar of somebody's bookings", () => {
  it("is the golden one, to the byte", () => {
    const text = bookingFeed([booking(24, PENDING), booking(0, { confirmedAt: CREATED + HOUR })], CONTEXT);
    const golden = join(import.meta.dirname, "golden/feed.ics");
    expect(text).toBe(readFileSync(golden, "utf8"));
  });

  it("has what is agreed and what is asked for, and nothing that is off", () => {
    const text = bookingFeed(
      [
        booking(0),
        booking(1, PENDING),
        booking(2, { status: "cancelled" }),
        booking(3, { status: "declined" }),
        booking(4, { status: "expired" }),
        // Nobody has said yet that it is over.
        booking(5, { ...PENDING, expiresAt: CONTEXT.now }),
      ],
      CONTEXT,
    );
    for (const { events } of [readWithIcalJs(text), readWithVobject([text])[0]!]) {
      expect(events.map((event) => [valueOf(event, "UID"), valueOf(event, "STATUS")])).toEqual([
        ["booking0@cal.example", "CONFIRMED"],
        ["booking1@cal.example", "TENTATIVE"],
      ]);
    }
  });

  it("says how it is called and how often to come, in the old words and the new", () => {
    const { properties, others } = readWithIcalJs(bookingFeed([booking(0)], CONTEXT));
    expect(properties.map(({ name, value }) => [name, value])).toEqual([
      ["VERSION", "2.0"],
      ["CALSCALE", "GREGORIAN"],
      ["PRODID", "-//atproto Cal//EN"],
      ["NAME", "Bookings of @alice.test"],
      ["X-WR-CALNAME", "Bookings of @alice.test"],
      ["REFRESH-INTERVAL", "PT15M"],
      ["X-PUBLISHED-TTL", "PT15M"],
    ]);
    expect(others).toBe(0);
  });

  it("is the same text whenever and in whatever order it is asked for", () => {
    const bookings = [booking(0), booking(1, PENDING), booking(0, { uid: "another" }), booking(-3)];
    const text = bookingFeed(bookings, CONTEXT);
    fc.assert(
      fc.property(fc.shuffledSubarray(bookings, { minLength: 4 }), fc.nat(DAY - 1), (shuffled, later) => {
        expect(bookingFeed(shuffled, { ...CONTEXT, now: CONTEXT.now + later })).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it("is another text once a booking is confirmed or moved, stamped with when that was", () => {
    const stampOf = (one: Booking): string =>
      valueOf(readWithIcalJs(bookingFeed([one], CONTEXT)).events[0]!, "DTSTAMP");
    const confirmed = booking(0, { confirmedAt: CREATED + HOUR });
    expect(stampOf(booking(0, PENDING))).toBe("20261120T080000Z");
    expect(stampOf(confirmed)).toBe("20261120T090000Z");
    expect(stampOf({ ...confirmed, rescheduledAt: CREATED + 2 * HOUR })).toBe("20261120T100000Z");
  });

  it("names nobody's e-mail address, and no organizer whom a calendar would write to", () => {
    const text = bookingFeed([booking(0), booking(1, PENDING)], CONTEXT);
    expect(text).not.toMatch(/private\.example|mailto|ORGANIZER|ATTENDEE|METHOD/i);
  });

  it("of somebody without bookings is a calendar all the same", () => {
    const text = bookingFeed([], CONTEXT);
    expect(isWholeCalendar(new TextEncoder().encode(text))).toBe(true);
    expect(readWithIcalJs(text)).toMatchObject({ events: [], others: 0 });
  });

  it("is read by ourselves as just the times of its bookings", () => {
    const bookings = fc.uniqueArray(
      fc
        .tuple(fc.integer({ min: -200, max: 200 }), fc.boolean())
        .map(([at, isPending]) => booking(at, isPending ? PENDING : {})),
      { selector: ({ uid }) => uid, maxLength: 20 },
    );
    const range = { start: BOOKING.start - 30 * DAY, end: BOOKING.start + 30 * DAY };
    fc.assert(
      fc.property(bookings, (made) => {
        const text = bookingFeed(made, CONTEXT);
        expect(refreshMinutes(new TextEncoder().encode(text))).toBe(15);
        expect(readBusyPeriods(text, { range, hostZone: "Europe/Berlin" })).toMatchObject({
          ok: true,
          events: made.length,
          problems: [],
          busy: mergePeriods(made.map(({ start, end }) => ({ start, end }))),
        });
      }),
      { numRuns: 100 },
    );
  });

  it("is told nothing but texts by its texts, whatever they hold", { timeout: 30_000 }, () => {
    const texts: { text: string; expected: readonly (readonly string[])[]; name: string }[] = [];
    fc.assert(
      fc.property(hostileText, fc.array(hostileText, { minLength: 1, maxLength: 3 }), (name, notes) => {
        const text = bookingFeed(
          notes.map((note, at) =>
            booking(at, { note: `N${note}`, location: { kind: "text", text: `L${note}` } }),
          ),
          { ...CONTEXT, name: `C${name}` },
        );
        expectLinesAsTheyMustBe(text);
        const expected = notes.map((note, at) => [
          cleanedText(`N${note}\n\nhttps://cal.example/bookings/booking${at}`),
          cleanedText(`L${note}`),
        ]);
        texts.push({ text, expected, name: cleanedText(`C${name}`).replaceAll("\n", " ") });
      }),
      { numRuns: 150 },
    );
    const asVobject = readWithVobject(texts.map(({ text }) => text));
    for (const [at, { text, expected, name }] of texts.entries()) {
      for (const calendar of [readWithIcalJs(text), asVobject[at]!]) {
        expect(calendar.others).toBe(0);
        expect(
          calendar.events.map((event) => [valueOf(event, "DESCRIPTION"), valueOf(event, "LOCATION")]),
        ).toEqual(expected);
        expect(
          new Set(calendar.events.map((event) => event.map((property) => property.name).join(" "))),
        ).toEqual(new Set(["UID SUMMARY DTSTAMP DTSTART DTEND SEQUENCE DESCRIPTION URL LOCATION STATUS"]));
        expect(calendar.properties).toHaveLength(7);
      }
      // Not a TEXT to ical.js, which hands it out as it is written.
      expect(readWithIcalJs(text).properties.find((property) => property.name === "NAME")?.value).toBe(
        name.replaceAll(/[\\;,]/g, String.raw`\$&`),
      );
    }
  });
});

function valueOf(event: readonly { readonly name: string; readonly value: string }[], name: string): string {
  const found = event.filter((property) => property.name === name);
  expect(found).toHaveLength(1);
  return found[0]!.value;
}
