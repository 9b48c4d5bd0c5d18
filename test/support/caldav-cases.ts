/** Events as people have them, each with the busy time it makes between 10 and 20 March 2026 for a host in Berlin. */

export interface CalDavCase {
  readonly name: string;
  /** Lines of VEVENTs that share one UID, without BEGIN, UID, DTSTAMP and END. */
  readonly events: readonly (readonly string[])[];
  /** In UTC, `2026-03-12T10:00/2026-03-12T11:00`. */
  readonly busy: readonly string[];
}

/** The weeks asked about. The clocks in Berlin change on 29 March only, which cases of their own reach. */
export const CASE_RANGE = { start: Date.UTC(2026, 2, 10), end: Date.UTC(2026, 2, 20) };
export const CASE_ZONE = "Europe/Berlin";
/** What the server calls the host, in `declined by the host`. */
export const HOST_ADDRESS = "host@example.com";

const BERLIN = ";TZID=Europe/Berlin:";

export const CALDAV_CASES: readonly CalDavCase[] = [
  {
    name: "a single event",
    events: [["DTSTART:20260312T100000Z", "DTEND:20260312T110000Z"]],
    busy: ["2026-03-12T10:00/2026-03-12T11:00"],
  },
  {
    name: "an event long before and one long after are nothing",
    events: [["DTSTART:20250312T100000Z", "DTEND:20250312T110000Z"]],
    busy: [],
  },
  {
    name: "a weekly one that began years ago, at its time on the wall through summer and winter",
    events: [
      [`DTSTART${BERLIN}20230704T090000`, `DTEND${BERLIN}20230704T100000`, "RRULE:FREQ=WEEKLY;BYDAY=TU"],
    ],
    busy: ["2026-03-10T08:00/2026-03-10T09:00", "2026-03-17T08:00/2026-03-17T09:00"],
  },
  {
    name: "a daily one without the days it leaves out",
    events: [
      [
        "DTSTART:20260311T090000Z",
        "DTEND:20260311T093000Z",
        "RRULE:FREQ=DAILY;COUNT=4",
        "EXDATE:20260312T090000Z,20260313T090000Z",
      ],
    ],
    busy: ["2026-03-11T09:00/2026-03-11T09:30", "2026-03-14T09:00/2026-03-14T09:30"],
  },
  {
    name: "an instance moved into these weeks from outside",
    events: [
      ["DTSTART:20250105T090000Z", "DTEND:20250105T100000Z", "RRULE:FREQ=YEARLY;COUNT=3"],
      ["RECURRENCE-ID:20260105T090000Z", "DTSTART:20260315T130000Z", "DTEND:20260315T140000Z"],
    ],
    busy: ["2026-03-15T13:00/2026-03-15T14:00"],
  },
  {
    name: "an instance moved out of them",
    events: [
      ["DTSTART:20260312T090000Z", "DTEND:20260312T100000Z", "RRULE:FREQ=DAILY;COUNT=2"],
      ["RECURRENCE-ID:20260312T090000Z", "DTSTART:20260601T090000Z", "DTEND:20260601T100000Z"],
    ],
    busy: ["2026-03-13T09:00/2026-03-13T10:00"],
  },
  {
    name: "a cancelled instance of a series",
    events: [
      ["DTSTART:20260312T090000Z", "DTEND:20260312T100000Z", "RRULE:FREQ=DAILY;COUNT=2"],
      [
        "RECURRENCE-ID:20260313T090000Z",
        "DTSTART:20260313T090000Z",
        "DTEND:20260313T100000Z",
        "STATUS:CANCELLED",
      ],
    ],
    busy: ["2026-03-12T09:00/2026-03-12T10:00"],
  },
  {
    name: "a whole day of the host's",
    events: [["DTSTART;VALUE=DATE:20260314", "DTEND;VALUE=DATE:20260315"]],
    busy: ["2026-03-13T23:00/2026-03-14T23:00"],
  },
  {
    name: "a whole day that touches the edge of the weeks only in the host's zone",
    events: [["DTSTART;VALUE=DATE:20260320", "DTEND;VALUE=DATE:20260321"]],
    busy: ["2026-03-19T23:00/2026-03-20T00:00"],
  },
  {
    name: "months on end",
    events: [["DTSTART:20260201T000000Z", "DURATION:P60D"]],
    busy: ["2026-03-10T00:00/2026-03-20T00:00"],
  },
  {
    name: "a time without a zone, which is the host's",
    events: [["DTSTART:20260316T080000", "DTEND:20260316T090000"]],
    busy: ["2026-03-16T07:00/2026-03-16T08:00"],
  },
  {
    name: "one more time that the event names beside its own",
    events: [["DTSTART:20250316T080000Z", "DTEND:20250316T090000Z", "RDATE:20260317T080000Z"]],
    busy: ["2026-03-17T08:00/2026-03-17T09:00"],
  },
  {
    name: "one more period that the event names beside its own",
    events: [
      [
        "DTSTART:20250316T080000Z",
        "DTEND:20250316T090000Z",
        "RDATE;VALUE=PERIOD:20260317T080000Z/20260317T093000Z",
      ],
    ],
    busy: ["2026-03-17T08:00/2026-03-17T09:30"],
  },
  {
    name: "one that counts as free time",
    events: [["DTSTART:20260312T100000Z", "DTEND:20260312T110000Z", "TRANSP:TRANSPARENT"]],
    busy: [],
  },
  {
    name: "one that was cancelled",
    events: [["DTSTART:20260312T100000Z", "DTEND:20260312T110000Z", "STATUS:CANCELLED"]],
    busy: [],
  },
  {
    name: "one that is tentative",
    events: [["DTSTART:20260312T100000Z", "DTEND:20260312T110000Z", "STATUS:TENTATIVE"]],
    busy: ["2026-03-12T10:00/2026-03-12T11:00"],
  },
  {
    name: "one that the host declined",
    events: [
      [
        "DTSTART:20260312T100000Z",
        "DTEND:20260312T110000Z",
        "ORGANIZER:mailto:somebody@example.com",
        `ATTENDEE;PARTSTAT=DECLINED:mailto:${HOST_ADDRESS}`,
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:other@example.com",
      ],
    ],
    busy: [],
  },
  {
    name: "a zone that only Windows knows by that name",
    events: [
      [
        "DTSTART;TZID=W. Europe Standard Time:20260312T100000",
        "DTEND;TZID=W. Europe Standard Time:20260312T110000",
      ],
    ],
    busy: ["2026-03-12T09:00/2026-03-12T10:00"],
  },
  {
    name: "text with everything that XML and iCalendar have to escape",
    events: [
      [
        "DTSTART:20260312T100000Z",
        "DTEND:20260312T110000Z",
        'SUMMARY:a < b && c > d ]]> \\"quoted\\" &amp; \\nEND:VEVENT 🗓 é',
        "LOCATION:</C:calendar-data>",
      ],
    ],
    busy: ["2026-03-12T10:00/2026-03-12T11:00"],
  },
];

const VTIMEZONE = [
  "BEGIN:VTIMEZONE",
  "TZID:Europe/Berlin",
  "BEGIN:STANDARD",
  "DTSTART:19961027T030000",
  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
  "TZOFFSETFROM:+0200",
  "TZOFFSETTO:+0100",
  "END:STANDARD",
  "BEGIN:DAYLIGHT",
  "DTSTART:19960331T020000",
  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
  "TZOFFSETFROM:+0100",
  "TZOFFSETTO:+0200",
  "END:DAYLIGHT",
  "END:VTIMEZONE",
];

/** A resource of a calendar (RFC 4791 4.1): all events of one UID. */
export function calendarText(uid: string, events: readonly (readonly string[])[]): string {
  const vevents = events.flatMap((lines) => [
    "BEGIN:VEVENT",
    `UID:${uid}`,
    "DTSTAMP:20260101T000000Z",
    ...lines,
    "END:VEVENT",
  ]);
  const zones = vevents.some((line) => line.includes("Europe/Berlin")) ? VTIMEZONE : [];
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//test//EN",
    ...zones,
    ...vevents,
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

/** Periods as the cases write them. */
export function written(periods: readonly { readonly start: number; readonly end: number }[]): string[] {
  return periods.map(({ start, end }) => `${minuteOf(start)}/${minuteOf(end)}`);
}

function minuteOf(at: number): string {
  return new Date(at).toISOString().slice(0, 16);
}
