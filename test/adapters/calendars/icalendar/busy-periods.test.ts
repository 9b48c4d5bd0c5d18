import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBusyReader, readBusyPeriods } from "../../../../adapters/calendars/icalendar/busy-periods.ts";
import { mergePeriods } from "../../../../scheduling/period.ts";

const utc = (text: string): number => Date.parse(`${text.replace(" ", "T")}Z`);
const shown = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

function calendar(...events: readonly (readonly string[])[]): string {
  const lines = events.flatMap((event, index) => [
    "BEGIN:VEVENT",
    ...(event.some((line) => line.startsWith("UID")) ? [] : [`UID:event-${index}`]),
    ...event,
    "END:VEVENT",
  ]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n");
}

interface Asked {
  readonly from?: string;
  readonly to?: string;
  readonly zone?: string;
  readonly addresses?: readonly string[];
}

function busy(
  text: string,
  { from = "1997-01-01", to = "2027-12-31", zone = "UTC", addresses = [] }: Asked = {},
) {
  const reading = readBusyPeriods(text, {
    range: { start: utc(`${from} 00:00`), end: utc(`${to} 00:00`) },
    hostZone: zone,
    hostAddresses: addresses,
  });
  if (!reading.ok) throw new Error(reading.refusal);
  return reading.busy.map(({ start, end }) => `${shown(start)}/${shown(end)}`);
}

const BERLIN = "TZID=Europe/Berlin";

describe("an event is busy", () => {
  it.each([
    [
      "all day in the zone of its host, be the day as long as it may",
      ["DTSTART;VALUE=DATE:20261025", "DTEND;VALUE=DATE:20261026"],
      { zone: "Europe/Berlin" },
      ["2026-10-24 22:00/2026-10-25 23:00"],
    ],
    [
      "for one day where it begins on a date and does not end",
      ["DTSTART;VALUE=DATE:20261025"],
      { zone: "America/Los_Angeles" },
      ["2026-10-25 07:00/2026-10-26 07:00"],
    ],
    [
      "for a nominal day as long as that day is",
      [`DTSTART;${BERLIN}:20261024T120000`, "DURATION:P1D"],
      {},
      ["2026-10-24 10:00/2026-10-25 11:00"],
    ],
    [
      "for exactly 24 hours where hours are said",
      [`DTSTART;${BERLIN}:20261024T120000`, "DURATION:PT24H"],
      {},
      ["2026-10-24 10:00/2026-10-25 10:00"],
    ],
    [
      "at a time that the clocks skip, by the offset before, and on the days around",
      [`DTSTART;${BERLIN}:20260328T023000`, "DURATION:PT15M", "RRULE:FREQ=DAILY;COUNT=3"],
      {},
      [
        "2026-03-28 01:30/2026-03-28 01:45",
        "2026-03-29 01:30/2026-03-29 01:45",
        "2026-03-30 00:30/2026-03-30 00:45",
      ],
    ],
    [
      "on the 31st of months that have one",
      ["DTSTART:20260131T090000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;COUNT=3"],
      {},
      [
        "2026-01-31 09:00/2026-01-31 10:00",
        "2026-03-31 09:00/2026-03-31 10:00",
        "2026-05-31 09:00/2026-05-31 10:00",
      ],
    ],
    [
      "up to UNTIL itself, which is in UTC",
      [
        "DTSTART;TZID=America/New_York:20260101T090000",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;UNTIL=20260102T140000Z",
      ],
      {},
      ["2026-01-01 14:00/2026-01-01 15:00", "2026-01-02 14:00/2026-01-02 15:00"],
    ],
    [
      "in weeks that begin on Sunday where it says so",
      [
        "DTSTART:19970805T090000Z",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
      ],
      {},
      [5, 17, 19, 31].map((day) => {
        const date = `1997-08-${String(day).padStart(2, "0")}`;
        return `${date} 09:00/${date} 10:00`;
      }),
    ],
    [
      "also on RDATEs, at their own length where they have one",
      [
        "DTSTART:20260601T090000Z",
        "DURATION:PT1H",
        "RDATE;VALUE=PERIOD:20260603T100000Z/PT30M",
        "RDATE:20260605T090000Z",
      ],
      {},
      [
        "2026-06-01 09:00/2026-06-01 10:00",
        "2026-06-03 10:00/2026-06-03 10:30",
        "2026-06-05 09:00/2026-06-05 10:00",
      ],
    ],
    [
      "in the zone that a Windows program names",
      ["DTSTART;TZID=Tokyo Standard Time:20260601T090000", "DURATION:PT1H"],
      {},
      ["2026-06-01 00:00/2026-06-01 01:00"],
    ],
  ] as const)("%s", (_what, event, asked, expected) => {
    expect(busy(calendar(event), asked)).toEqual(expected);
  });
});

describe("an event is not busy", () => {
  const start = ["DTSTART:20260601T090000Z", "DURATION:PT1H"];
  it.each([
    ["when it is transparent", ["TRANSP:TRANSPARENT"]],
    ["when it is cancelled", ["STATUS:CANCELLED"]],
    ["when Outlook calls it free", ["X-MICROSOFT-CDO-BUSYSTATUS:FREE"]],
    ["when its host has declined", ["ATTENDEE;PARTSTAT=DECLINED:mailto:Host@example.com"]],
  ])("%s", (_when, lines) => {
    const asked = { addresses: ["host@example.com"] };
    expect(busy(calendar(start), asked)).toHaveLength(1);
    expect(busy(calendar([...start, ...lines]), asked)).toEqual([]);
  });

  it("when it has no length", () => {
    expect(busy(calendar(["DTSTART:20260601T090000Z"]))).toEqual([]);
  });
});

describe("an event that is a booking made here", () => {
  const question = {
    range: { start: utc("2026-01-01 00:00"), end: utc("2026-02-01 00:00") },
    hostZone: "UTC",
  };
  const series = [
    ["UID:abc@cal.example", "DTSTART:20260105T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"],
    ["UID:abc@cal.example", "RECURRENCE-ID:20260106T090000Z", "DTSTART:20260110T090000Z", "DURATION:PT1H"],
  ];
  const other = ["UID:abc@cal.example.com", "DTSTART:20260107T120000Z", "DURATION:PT1H"];

  it("is not busy, nor are its overrides, but it is an event", () => {
    const isBooking = (uid: string): boolean => uid === "abc@cal.example";
    const reading = readBusyPeriods(calendar(...series, other), { ...question, isBooking });
    expect(reading).toMatchObject({ events: 3, busy: [{ start: utc("2026-01-07 12:00") }] });
  });

  it("is asked for by its whole UID, and one without is none", () => {
    const asked: string[] = [];
    const isBooking = (uid: string): boolean => asked.push(uid) > 0;
    const nameless = calendar(["DTSTART:20260105T090000Z", "DURATION:PT1H"]).replace(/UID.*\r\n/, "");
    expect(readBusyPeriods(nameless, { ...question, isBooking })).toMatchObject({ busy: [{}] });
    const long = `${"x".repeat(100)}\\,;@cal.example`;
    readBusyPeriods(calendar([`UID;X-A=1:${long}`, "DTSTART:20260105T090000Z"]), { ...question, isBooking });
    expect(asked).toEqual([long]);
  });
});

describe("several resources of one calendar", () => {
  const range = { start: utc("2026-01-01 00:00"), end: utc("2027-01-01 00:00") };

  it("are read each for itself, also where they share a UID", () => {
    const read = createBusyReader({ range, hostZone: "UTC" });
    const first = read(calendar(["UID:a", "SEQUENCE:1", "DTSTART:20260105T090000Z", "DURATION:PT1H"]));
    const second = read(calendar(["UID:a", "SEQUENCE:2", "DTSTART:20260106T090000Z", "DURATION:PT1H"]));
    expect([first, second]).toMatchObject([{ busy: [{}] }, { busy: [{}] }]);
    expect(read("nothing")).toEqual({ ok: false, refusal: "not-a-calendar" });
  });

  it("know as many zones together as they name, however many names each makes up", () => {
    const read = createBusyReader({ range, hostZone: "UTC" });
    for (let text = 0; text < 10; text += 1) {
      const names = Array.from({ length: 60 }, (_, at) => [`DTSTART;TZID=No-${text}-${at}:20260105T090000`]);
      read(calendar(...names));
    }
    expect(read(calendar([`DTSTART;${BERLIN}:20260105T090000`, "DURATION:PT1H"]))).toMatchObject({
      busy: [{ start: utc("2026-01-05 08:00") }],
    });
  });

  it("have the allowance of one text: what it does not reach is busy", () => {
    const read = createBusyReader({ range, hostZone: "UTC" });
    const greedy = calendar(["DTSTART:20260101T000000Z", "RRULE:FREQ=SECONDLY"]);
    for (let text = 0; text < 40; text += 1) {
      read(greedy);
    }
    const reading = read(calendar(["DTSTART:20200101T000000Z", "DURATION:PT1M", "RRULE:FREQ=DAILY"]));
    expect(reading).toMatchObject({ problems: [{ kind: "too-many-instances" }], busy: [range] });
  });
});

describe("a series", () => {
  const daily = [
    "UID:series",
    `DTSTART;${BERLIN}:20261019T100000`,
    "DURATION:PT1H",
    "RRULE:FREQ=DAILY;COUNT=10",
    `EXDATE;${BERLIN}:20261021T100000`,
  ];
  const moved = [
    "UID:series",
    `RECURRENCE-ID;${BERLIN}:20261026T100000`,
    `DTSTART;${BERLIN}:20261026T150000`,
    "DURATION:PT1H",
  ];

  it("leaves out what is excepted and moves what is moved, over a change of the clocks", () => {
    const days = busy(calendar(daily, moved));
    expect(days).toHaveLength(9);
    expect(days).toContain("2026-10-24 08:00/2026-10-24 09:00");
    expect(days).toContain("2026-10-25 09:00/2026-10-25 10:00");
    expect(days).toContain("2026-10-26 14:00/2026-10-26 15:00");
    expect(days).not.toContain("2026-10-21 08:00/2026-10-21 09:00");
  });

  it("is found where a time of it has been moved to, and not where that was", () => {
    const weekly = ["UID:w", "DTSTART:20260105T100000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"];
    const away = ["UID:w", "RECURRENCE-ID:20260112T100000Z", "DTSTART:20260120T100000Z", "DURATION:PT1H"];
    const text = calendar(weekly, away);
    expect(busy(text, { from: "2026-01-12", to: "2026-01-13" })).toEqual([]);
    expect(busy(text, { from: "2026-01-20", to: "2026-01-21" })).toEqual([
      "2026-01-20 10:00/2026-01-20 11:00",
    ]);
  });

  it("goes on as it was changed from one time on", () => {
    const weekly = ["UID:w", "DTSTART:20260105T100000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4"];
    const later = [
      "UID:w",
      "RECURRENCE-ID;RANGE=THISANDFUTURE:20260119T100000Z",
      "DTSTART:20260119T120000Z",
      "DURATION:PT2H",
    ];
    expect(busy(calendar(weekly, later))).toEqual([
      "2026-01-05 10:00/2026-01-05 11:00",
      "2026-01-12 10:00/2026-01-12 11:00",
      "2026-01-19 12:00/2026-01-19 14:00",
      "2026-01-26 12:00/2026-01-26 14:00",
    ]);
  });

  it("costs a bounded amount of work, and takes the time that could not be looked at", () => {
    const bomb = ["DTSTART:19700101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"];
    const began = performance.now();
    busy(calendar(bomb), { from: "2026-01-01", to: "2027-01-01" });
    const flood = ["DTSTART:19700101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;INTERVAL=2"];
    const [first = ""] = busy(calendar(flood), { from: "2026-01-01", to: "2027-01-01" }).slice(-1);
    expect(first.split("/")[1]).toBe("2027-01-01 00:00");
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

describe("a text", () => {
  it.each([
    ["a page", "<!doctype html><p>Sign in", "not-a-calendar"],
    ["nothing", "", "not-a-calendar"],
    ["a calendar that breaks off", calendar(["DTSTART:20260601T090000Z"]).slice(0, -30), "truncated"],
  ])("that is %s is refused", (_what, text, refusal) => {
    const range = { start: 0, end: 1 };
    expect(readBusyPeriods(text, { range, hostZone: "UTC" })).toEqual({ ok: false, refusal });
  });

  it.each([
    ["lone line feeds", (text: string) => text.replaceAll("\r\n", "\n")],
    ["lone carriage returns", (text: string) => text.replaceAll("\r\n", "\r")],
    ["a byte order mark", (text: string) => `\uFEFF${text}`],
    ["lines folded anywhere", (text: string) => text.replaceAll("T09", "T\r\n 09")],
  ])("with %s is read all the same", (_what, change) => {
    const text = calendar(["SUMMARY:Zoë", "DTSTART:20260601T090000Z", "DURATION:PT1H"]);
    expect(busy(change(text))).toEqual(["2026-06-01 09:00/2026-06-01 10:00"]);
  });

  it("folded in the middle of a character is read all the same", () => {
    const text = calendar(["X-NAME:Zo€", "DTSTART:20260601T090000Z", "DURATION:PT1H"]);
    const bytes = [...new TextEncoder().encode(text)];
    bytes.splice(bytes.indexOf(0xe2) + 1, 0, 13, 10, 32);
    const range = { start: utc("2026-01-01 00:00"), end: utc("2027-01-01 00:00") };
    expect(readBusyPeriods(Uint8Array.from(bytes), { range, hostZone: "UTC" })).toMatchObject({
      ok: true,
      busy: [{ start: utc("2026-06-01 09:00") }],
      problems: [],
    });
  });

  it("that only says when somebody is busy is believed, but for what is free", () => {
    const text = [
      "BEGIN:VCALENDAR",
      "BEGIN:VFREEBUSY",
      "FREEBUSY:20260601T090000Z/20260601T100000Z,20260601T120000Z/PT30M",
      "FREEBUSY;FBTYPE=FREE:20260601T150000Z/PT1H",
      "END:VFREEBUSY",
      "END:VCALENDAR",
    ].join("\r\n");
    expect(busy(text)).toEqual(["2026-06-01 09:00/2026-06-01 10:00", "2026-06-01 12:00/2026-06-01 12:30"]);
  });

  it("of whatever bytes throws nothing", () => {
    const question = {
      range: { start: utc("2026-01-01 00:00"), end: utc("2027-01-01 00:00") },
      hostZone: "UTC",
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void readBusyPeriods(bytes, question)),
      { numRuns: 500 },
    );
  });

  it("gives the same busy time in parts as in one", () => {
    const part = fc.constantFrom("DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY");
    const rule = fc.record({
      frequency: part,
      interval: fc.integer({ min: 1, max: 5 }),
      count: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(rule, fc.integer({ min: 0, max: 364 }), ({ frequency, interval, count }, cut) => {
        const ending = count === undefined ? "" : `;COUNT=${count}`;
        const text = calendar([
          `DTSTART;${BERLIN}:20251015T093000`,
          "DURATION:PT45M",
          `RRULE:FREQ=${frequency};INTERVAL=${interval}${ending}`,
        ]);
        const ask = (start: number, end: number) => {
          const reading = readBusyPeriods(text, { range: { start, end }, hostZone: "UTC" });
          if (!reading.ok) throw new Error(reading.refusal);
          return reading.busy;
        };
        const [from, to] = [utc("2026-01-01 00:00"), utc("2027-01-01 00:00")];
        const middle = from + cut * 24 * 60 * 60_000;
        expect(mergePeriods([...ask(from, middle), ...ask(middle, to)])).toEqual(ask(from, to));
      }),
      { numRuns: 200 },
    );
  });
});
