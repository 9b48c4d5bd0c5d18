/** One busy calendar in the words of iCalendar and in those of Google, so that every kind of source can offer the same. */

import type { EventSeed } from "../google/seeds.ts";

/** In which the calendar is kept, and its host lives. */
export const ZONE = "Europe/Berlin";

interface SameEvent {
  readonly uid: string;
  /** VEVENTs, all of one UID. */
  readonly ics: readonly (readonly string[])[];
  readonly google: readonly Omit<EventSeed, "calendar" | "uid">[];
}

/** `YYYYMMDD` and `YYYY-MM-DD` of a date so many days from today, UTC. */
function dateIn(days: number): { basic: string; extended: string } {
  const extended = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return { basic: extended.replaceAll("-", ""), extended };
}

const [series, left, moved, target] = [dateIn(2), dateIn(9), dateIn(16), dateIn(18)];
const [allDay, trip, tripEnd, free, gone, late] = [
  dateIn(4),
  dateIn(24),
  dateIn(27),
  dateIn(5),
  dateIn(6),
  dateIn(7),
];

/** Recurring over summer time, left out, moved; whole days; several days; over midnight; free and cancelled ones that block nothing. */
export const SAME_EVENTS: readonly SameEvent[] = [
  {
    uid: "weekly@same.test",
    ics: [
      [
        `DTSTART;TZID=${ZONE}:${series.basic}T101500`,
        `DTEND;TZID=${ZONE}:${series.basic}T114500`,
        "RRULE:FREQ=WEEKLY;COUNT=30",
        `EXDATE;TZID=${ZONE}:${left.basic}T101500`,
      ],
      [
        `RECURRENCE-ID;TZID=${ZONE}:${moved.basic}T101500`,
        `DTSTART;TZID=${ZONE}:${target.basic}T150000`,
        `DTEND;TZID=${ZONE}:${target.basic}T160000`,
      ],
    ],
    google: [
      {
        id: "weekly00",
        start: `${series.extended}T10:15:00`,
        end: `${series.extended}T11:45:00`,
        timeZone: ZONE,
        rrule: "FREQ=WEEKLY;COUNT=30",
        recurrence: [`EXDATE;TZID=${ZONE}:${left.basic}T101500`],
      },
      {
        series: "weekly00",
        originalStart: `${moved.extended}T10:15:00`,
        start: `${target.extended}T15:00:00`,
        end: `${target.extended}T16:00:00`,
        timeZone: ZONE,
      },
    ],
  },
  {
    uid: "allday@same.test",
    ics: [[`DTSTART;VALUE=DATE:${allDay.basic}`]],
    google: [{ start: allDay.extended }],
  },
  {
    uid: "trip@same.test",
    ics: [[`DTSTART;VALUE=DATE:${trip.basic}`, `DTEND;VALUE=DATE:${tripEnd.basic}`]],
    google: [{ start: trip.extended, end: tripEnd.extended }],
  },
  {
    uid: "night@same.test",
    ics: [[`DTSTART;TZID=America/New_York:${late.basic}T170000`, "DURATION:PT3H"]],
    google: [
      { start: `${late.extended}T17:00:00`, end: `${late.extended}T20:00:00`, timeZone: "America/New_York" },
    ],
  },
  {
    uid: "free@same.test",
    ics: [[`DTSTART:${free.basic}T120000Z`, `DTEND:${free.basic}T130000Z`, "TRANSP:TRANSPARENT"]],
    google: [{ start: `${free.extended}T12:00:00Z`, end: `${free.extended}T13:00:00Z`, isFree: true }],
  },
  {
    uid: "gone@same.test",
    ics: [[`DTSTART:${gone.basic}T120000Z`, `DTEND:${gone.basic}T130000Z`, "STATUS:CANCELLED"]],
    google: [{ start: `${gone.extended}T12:00:00Z`, end: `${gone.extended}T13:00:00Z`, status: "cancelled" }],
  },
];

/** The events of one UID each as an iCalendar text, as CalDAV servers want them; all of them together make a feed. */
export function sameCalendar(events: readonly SameEvent[]): string {
  const lines = events.flatMap(({ uid, ics }) =>
    ics.flatMap((vevent) => [
      "BEGIN:VEVENT",
      `UID:${uid}`,
      "DTSTAMP:20260101T000000Z",
      ...vevent,
      "SUMMARY:Something private",
      "END:VEVENT",
    ]),
  );
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//same//EN", ...lines, "END:VCALENDAR", ""].join("\r\n");
}
