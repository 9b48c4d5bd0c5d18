/** Foreign calendars worked out by hand, as a table, and what must hold for any of them. All instants are UTC. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBusyPeriods } from "../../../../adapters/calendars/icalendar/busy-periods.ts";
import { mergePeriods } from "../../../../scheduling/period.ts";
import type { Period } from "../../../../scheduling/period.ts";

const at = (text: string): number => Date.parse(`${text.replace(" ", "T")}Z`);
const range = (from: string, to: string): Period => ({ start: at(from), end: at(to) });
const vevent = (...lines: string[]): string => ["BEGIN:VEVENT", ...lines, "END:VEVENT"].join("\r\n");
const calendar = (...parts: string[]): string =>
  ["BEGIN:VCALENDAR", ...parts, "END:VCALENDAR", ""].join("\r\n");

function busyOf(
  text: string | Uint8Array,
  asked: Period,
  hostZone = "UTC",
  hostAddresses: string[] = [],
): string[] {
  const reading = readBusyPeriods(text, { range: asked, hostZone, hostAddresses });
  if (!reading.ok) return [reading.refusal];
  const show = (instant: number): string => new Date(instant).toISOString().slice(0, 16).replace("T", " ");
  return reading.busy.map(({ start, end }) => `${show(start)}/${show(end)}`);
}

const OCTOBER = range("2026-10-01 00:00", "2026-11-10 00:00");
const MARCH = range("2026-03-20 00:00", "2026-04-10 00:00");
const JANUARY = range("2026-01-01 00:00", "2026-02-01 00:00");
const ALL_DAY = ["UID:a", "DTSTART;VALUE=DATE:20261025", "DTEND;VALUE=DATE:20261026"];
const MOVED = [
  vevent("UID:m", "DTSTART:20260105T100000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=MO"),
  vevent("UID:m", "RECURRENCE-ID:20260112T100000Z", "DTSTART:20260120T100000Z", "DURATION:PT1H"),
];

describe("busy time", () => {
  test.each<[name: string, parts: string[], asked: Period, hostZone: string, expected: string[]]>([
    [
      "a whole day on which clocks go back has 25 hours in Berlin",
      [vevent(...ALL_DAY)],
      OCTOBER,
      "Europe/Berlin",
      ["2026-10-24 22:00/2026-10-25 23:00"],
    ],
    [
      "and 24 hours in Los Angeles",
      [vevent(...ALL_DAY)],
      OCTOBER,
      "America/Los_Angeles",
      ["2026-10-25 07:00/2026-10-26 07:00"],
    ],
    ["a transparent day is free", [vevent(...ALL_DAY, "TRANSP:TRANSPARENT")], OCTOBER, "UTC", []],
    ["a cancelled day is free", [vevent(...ALL_DAY, "STATUS:CANCELLED")], OCTOBER, "UTC", []],
    [
      "a date without an end is one day",
      [vevent("UID:a", "DTSTART;VALUE=DATE:20261025")],
      OCTOBER,
      "UTC",
      ["2026-10-25 00:00/2026-10-26 00:00"],
    ],
    [
      "a time without an end takes no time",
      [vevent("UID:a", "DTSTART:20261025T100000Z")],
      OCTOBER,
      "UTC",
      [],
    ],
    [
      "a day's length is a wall clock's",
      [vevent("UID:a", "DTSTART;TZID=Europe/Berlin:20261024T120000", "DURATION:P1D")],
      OCTOBER,
      "UTC",
      ["2026-10-24 10:00/2026-10-25 11:00"],
    ],
    [
      "and 24 hours are exact",
      [vevent("UID:a", "DTSTART;TZID=Europe/Berlin:20261024T120000", "DURATION:PT24H")],
      OCTOBER,
      "UTC",
      ["2026-10-24 10:00/2026-10-25 10:00"],
    ],
    [
      "a time inside the gap is shifted, and the next day is as ever",
      [
        vevent(
          "UID:a",
          "DTSTART;TZID=Europe/Berlin:20260328T023000",
          "DURATION:PT15M",
          "RRULE:FREQ=DAILY;COUNT=3",
        ),
      ],
      MARCH,
      "UTC",
      [
        "2026-03-28 01:30/2026-03-28 01:45",
        "2026-03-29 01:30/2026-03-29 01:45",
        "2026-03-30 00:30/2026-03-30 00:45",
      ],
    ],
    [
      "UNTIL is the last instant, in UTC",
      [
        vevent(
          "UID:a",
          "DTSTART;TZID=America/New_York:20260101T090000",
          "DURATION:PT1H",
          "RRULE:FREQ=DAILY;UNTIL=20260103T140000Z",
        ),
      ],
      JANUARY,
      "UTC",
      [
        "2026-01-01 14:00/2026-01-01 15:00",
        "2026-01-02 14:00/2026-01-02 15:00",
        "2026-01-03 14:00/2026-01-03 15:00",
      ],
    ],
    [
      "an instance moved away leaves its place",
      MOVED,
      range("2026-01-12 00:00", "2026-01-13 00:00"),
      "UTC",
      [],
    ],
    [
      "and is found where it went",
      MOVED,
      range("2026-01-20 00:00", "2026-01-21 00:00"),
      "UTC",
      ["2026-01-20 10:00/2026-01-20 11:00"],
    ],
    [
      "a series loses its exception and moves its override",
      [
        vevent(
          "UID:s",
          "DTSTART;TZID=Europe/Berlin:20261023T100000",
          "DURATION:PT1H",
          "RRULE:FREQ=DAILY;COUNT=4",
          "EXDATE;TZID=Europe/Berlin:20261024T100000",
        ),
        vevent(
          "UID:s",
          "RECURRENCE-ID;TZID=Europe/Berlin:20261026T100000",
          "DTSTART;TZID=Europe/Berlin:20261026T150000",
          "DURATION:PT1H",
        ),
      ],
      OCTOBER,
      "UTC",
      [
        "2026-10-23 08:00/2026-10-23 09:00",
        "2026-10-25 09:00/2026-10-25 10:00",
        "2026-10-26 14:00/2026-10-26 15:00",
      ],
    ],
  ])("%s", (_name, parts, asked, hostZone, expected) => {
    expect(busyOf(calendar(...parts), asked, hostZone)).toEqual(expected);
  });

  test("what the host declined is free", () => {
    const text = calendar(vevent(...ALL_DAY, "ATTENDEE;PARTSTAT=DECLINED:mailto:Host@example.com"));
    expect(busyOf(text, OCTOBER, "UTC", ["host@example.com"])).toEqual([]);
    expect(busyOf(text, OCTOBER, "UTC", ["other@example.com"])).toHaveLength(1);
  });

  test("a page and a broken download are refused, and an empty calendar is not", () => {
    expect(busyOf("<html></html>", OCTOBER)).toEqual(["not-a-calendar"]);
    expect(busyOf(calendar(vevent(...ALL_DAY)).slice(0, -20), OCTOBER)).toEqual(["truncated"]);
    expect(busyOf(calendar(), OCTOBER)).toEqual([]);
  });

  test("a file that opens a million parts and closes none is read all the same", () => {
    const opened = Array.from({ length: 300_000 }, (_, index) => `BEGIN:X${index}`);
    // It takes minutes, and so runs out of time, when all that is open is searched for each of them.
    const text = calendar(vevent(...ALL_DAY)).replace(
      "END:VCALENDAR",
      `${opened.join("\r\n")}\r\nEND:VCALENDAR`,
    );
    expect(busyOf(text, OCTOBER)).toEqual(busyOf(calendar(vevent(...ALL_DAY)), OCTOBER));
  });

  test("what lies deeper than calendars go belongs to nothing, and what comes after it is read again", () => {
    const deep = Array.from({ length: 12 }, (_, index) => `BEGIN:X${index}`);
    const ends = Array.from({ length: 12 }, (_, index) => `END:X${11 - index}`);
    const lost = ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"];
    const [begin = "", ...rest] = vevent(...ALL_DAY).split("\r\n");
    const event = [begin, ...deep, ...lost, ...ends, ...rest].join("\r\n");
    expect(busyOf(calendar(event), OCTOBER)).toEqual(busyOf(calendar(vevent(...ALL_DAY)), OCTOBER));
  });

  test("an endless rule of seconds is bounded, and leaves its host busy", () => {
    const bombs = Array.from({ length: 200 }, (_, index) =>
      vevent(`UID:${index}`, "DTSTART:19700101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY"),
    );
    const began = performance.now();
    expect(busyOf(calendar(...bombs), OCTOBER)).toContain("2026-10-01 00:00/2026-11-10 00:00");
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe("any calendar", () => {
  const anyEvent = fc
    .record({
      day: fc.integer({ min: 10, max: 28 }),
      hour: fc.integer({ min: 10, max: 23 }),
      hours: fc.integer({ min: 1, max: 40 }),
      zone: fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kathmandu"),
      rule: fc.constantFrom(
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO,WE",
        "FREQ=MONTHLY;BYDAY=-1SU",
        "FREQ=HOURLY;INTERVAL=7",
        "FREQ=DAILY;COUNT=9",
      ),
    })
    .map(({ day, hour, hours, zone, rule }) => [
      `DTSTART;TZID=${zone}:202610${day}T${hour}3000`,
      `DURATION:PT${hours}H`,
      `RRULE:${rule}`,
    ]);
  const read = (text: string, asked: Period): Period[] => {
    const reading = readBusyPeriods(text, { range: asked, hostZone: "UTC" });
    return reading.ok ? reading.busy : [];
  };

  test("no bytes make it throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        busyOf(bytes, OCTOBER);
      }),
    );
  });

  test("a question asked in two parts has the same answer", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 5 }), fc.integer(OCTOBER_MINUTES), (events, minute) => {
        const text = calendar(...events.map((lines, index) => vevent(`UID:${index}`, ...lines)));
        const cut = OCTOBER.start + minute * 60_000;
        const parts = [...read(text, { ...OCTOBER, end: cut }), ...read(text, { ...OCTOBER, start: cut })];
        expect(mergePeriods(parts)).toEqual(read(text, OCTOBER));
      }),
    );
  });

  test("one more event never frees anything", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 5 }), (events) => {
        const parts = events.map((lines, index) => vevent(`UID:${index}`, ...lines));
        const fewer = read(calendar(...parts.slice(1)), OCTOBER);
        const all = read(calendar(...parts), OCTOBER);
        expect(mergePeriods([...fewer, ...all])).toEqual(all);
      }),
    );
  });
});

const OCTOBER_MINUTES = { min: 0, max: (OCTOBER.end - OCTOBER.start) / 60_000 };
