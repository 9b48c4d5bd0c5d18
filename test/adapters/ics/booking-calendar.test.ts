import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, it } from "vitest";
import { bookingCalendar, bookingCalendarObject } from "../../../adapters/ics/booking-calendar.ts";
import { calendarUid } from "../../../adapters/ics/booking-text.ts";
import type { BookingStatus } from "../../../scheduling/booking.ts";
import { BOOKING } from "./booking.ts";
import { cleanedText, expectLinesAsTheyMustBe, hostileText } from "./hostile.ts";

const CONTEXT = { publicUrl: "https://cal.example", now: Date.UTC(2026, 10, 22, 12) };

function parsed(text: string): { component: ICAL.Component; event: ICAL.Event } {
  const component = new ICAL.Component(ICAL.parse(text));
  const event = component.getFirstSubcomponent("vevent");
  if (!event) {
    throw new Error("no VEVENT");
  }
  return { component: event, event: new ICAL.Event(event) };
}

describe("a booking's calendar file", () => {
  it("is the golden one, to the byte", () => {
    const golden = readFileSync(join(import.meta.dirname, "golden/confirmed.ics"), "utf8");
    expect(bookingCalendar(BOOKING, CONTEXT)).toBe(golden);
  });

  it("says to another implementation exactly what was agreed", () => {
    const { component, event } = parsed(bookingCalendar(BOOKING, CONTEXT));
    expect(event.uid).toBe(`${BOOKING.uid}@cal.example`);
    expect(event.sequence).toBe(1);
    expect(event.startDate.toJSDate().getTime()).toBe(BOOKING.start);
    expect(event.endDate.toJSDate().getTime()).toBe(BOOKING.end);
    expect(event.summary).toBe("Intro call: @bob.test with @alice.test");
    expect(event.description).toBe(
      `About the harbour.\nSecond line; with, marks\n\nhttps://cal.example/bookings/${BOOKING.uid}`,
    );
    expect(event.location).toBe("https://meet.example/room?a=1;b=2,c");
    expect(component.getFirstPropertyValue("status")).toBe("CONFIRMED");
  });

  it.each<[BookingStatus, string]>([
    ["pending", "TENTATIVE"],
    ["confirmed", "CONFIRMED"],
    ["declined", "CANCELLED"],
    ["cancelled", "CANCELLED"],
    ["expired", "CANCELLED"],
  ])("of a %s booking is %s", (status, expected) => {
    const { component } = parsed(bookingCalendar({ ...BOOKING, status }, CONTEXT));
    expect(component.getFirstPropertyValue("status")).toBe(expected);
  });

  it("has the same UID wherever it is written", () => {
    const uid = calendarUid(BOOKING.uid, CONTEXT.publicUrl);
    expect(uid).toBe(`${BOOKING.uid}@cal.example`);
    for (const make of [bookingCalendar, bookingCalendarObject]) {
      expect(parsed(make(BOOKING, CONTEXT)).event.uid).toBe(uid);
    }
  });

  it("is for calendar servers the same event, without what makes them write to people", () => {
    const text = bookingCalendarObject(
      { ...BOOKING, note: "x\nMETHOD:REQUEST\nORGANIZER:mailto:a@b" },
      CONTEXT,
    );
    const { component, event } = parsed(text);
    expect(event.description).toContain("\nMETHOD:REQUEST\nORGANIZER:mailto:a@b");
    expect(component.parent?.getAllProperties().map(({ name }) => name)).toEqual([
      "version",
      "calscale",
      "prodid",
    ]);
    expect(component.getFirstProperty("organizer")).toBeNull();
    expect(component.getFirstProperty("attendee")).toBeNull();
    const file = parsed(bookingCalendar(BOOKING, CONTEXT)).component.getAllProperties();
    expect(component.getAllProperties().map(({ name }) => name)).toEqual(
      file.map(({ name }) => name).filter((name) => name !== "organizer"),
    );
  });

  it("never carries anybody's e-mail address", () => {
    expect(bookingCalendar(BOOKING, CONTEXT)).not.toContain("private.example");
  });

  it("is told by its title and note nothing but text, whatever they hold", { timeout: 30_000 }, () => {
    const plain = Object.keys(propertyCounts(bookingCalendar(BOOKING, CONTEXT))).toSorted();
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (title, note, handle) => {
        const text = bookingCalendar(
          {
            ...BOOKING,
            meetingType: { rkey: "intro", title: `T${title}` },
            note: `N${note}`,
            host: { did: "did:plc:alice", handle },
            location: { kind: "text", text: `L${title}` },
          },
          CONTEXT,
        );
        expectLinesAsTheyMustBe(text);
        // The same properties, each once: nothing became a line of its own.
        const counts = propertyCounts(text);
        expect(Object.keys(counts).toSorted()).toEqual(plain);
        expect(new Set(Object.values(counts))).toEqual(new Set([1]));
        const { event } = parsed(text);
        expect(event.description).toBe(
          cleanedText(`N${note}\n\nhttps://cal.example/bookings/${BOOKING.uid}`),
        );
        expect(event.location).toBe(cleanedText(`L${title}`));
      }),
      { numRuns: 500 },
    );
  });
});

function propertyCounts(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const property of parsed(text).component.getAllProperties()) {
    counts[property.name] = (counts[property.name] ?? 0) + 1;
  }
  return counts;
}
