/** A large .ics file (RFC 5545) as an office of many years writes it, the same in every run; no event of it is anybody's. */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** When the busy time is asked for begins, epoch ms; clocks go back inside of the 60 days. */
export const ASKED_FROM = Date.UTC(2026, 9, 5);
export const ASKED_DAYS = 60;

const YEARS_BACK = 4;
const ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo"];
const RULES = [
  "FREQ=WEEKLY;BYDAY=MO",
  "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
  "FREQ=DAILY",
  "FREQ=WEEKLY;BYDAY=MO,WE,FR",
  "FREQ=MONTHLY;BYDAY=1MO",
  "FREQ=MONTHLY;BYDAY=-1FR",
  "FREQ=MONTHLY;BYMONTHDAY=15",
  "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=3",
];
/** One series in so many goes on for ever. */
const ENDLESS = 40;

/**
 * Of `events` VEVENTs a third are series, most of them in a zone, half with EXDATEs, some still going on; a tenth replace an instance of
 * one; a tenth are whole days, mostly free; the rest are single. Four years of them lie before the time that is asked about.
 */
export function largeFeed(events: number): Uint8Array {
  const draw = numbers(20_261_125);
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//atproto Cal//bench//EN"];
  let series: { uid: string; at: number; zone: string } | undefined;
  for (let number = 0; number < events; number += 1) {
    const uid = `${number}@bench.example`;
    const day = ASKED_FROM + (draw(365 * YEARS_BACK + ASKED_DAYS) - 365 * YEARS_BACK) * DAY_MS;
    const at = day + (8 * 60 + 15 * draw(40)) * MINUTE_MS;
    const zone = ZONES[draw(ZONES.length)] ?? "UTC";
    const kind = draw(30);
    if (kind < 10) {
      series = { uid, at, zone };
      const excluded = [7, 14, 21].map((days) => local(at + days * DAY_MS)).join(",");
      lines.push(
        ...event(uid, number, [
          ...timed(at, zone, draw(5)),
          `RRULE:${RULES[draw(RULES.length)]}${endOf(at, draw)}`,
          ...(draw(2) === 0 ? [`EXDATE;TZID=${zone}:${excluded}`] : []),
        ]),
      );
    } else if (kind < 13 && series) {
      const replaced = `RECURRENCE-ID;TZID=${series.zone}:${local(series.at + 28 * DAY_MS)}`;
      const moved = timed(series.at + 28 * DAY_MS + 120 * MINUTE_MS, series.zone, draw(5));
      lines.push(...event(series.uid, number, [...moved, replaced]));
    } else if (kind < 16) {
      const dates = [`DTSTART;VALUE=DATE:${date(day)}`, `DTEND;VALUE=DATE:${date(day + DAY_MS)}`];
      lines.push(...event(uid, number, [...dates, ...(draw(20) > 0 ? ["TRANSP:TRANSPARENT"] : [])]));
    } else if (kind < 22) {
      lines.push(...event(uid, number, timed(at, zone, draw(5))));
    } else {
      const end = at + (1 + draw(5)) * 30 * MINUTE_MS;
      lines.push(...event(uid, number, [`DTSTART:${local(at)}Z`, `DTEND:${local(end)}Z`]));
    }
  }
  lines.push("END:VCALENDAR", "");
  return new TextEncoder().encode(lines.flatMap(folded).join("\r\n"));
}

/** After so many instances, or half a year. */
function endOf(at: number, draw: (below: number) => number): string {
  if (draw(ENDLESS) === 0) return "";
  return draw(2) === 0 ? `;COUNT=${5 + draw(30)}` : `;UNTIL=${local(at + 180 * DAY_MS)}Z`;
}

function event(uid: string, number: number, times: readonly string[]): string[] {
  return [
    "BEGIN:VEVENT",
    `UID:${uid}`,
    "DTSTAMP:20260901T080000Z",
    ...times,
    `SUMMARY:Meeting number ${number} über this and that`,
    `DESCRIPTION:Agenda\\, minutes\\nand more (${number})`,
    `LOCATION:Room ${number % 40}`,
    "STATUS:CONFIRMED",
    "END:VEVENT",
  ];
}

function timed(at: number, zone: string, halfHours: number): string[] {
  const end = at + (1 + halfHours) * 30 * MINUTE_MS;
  return [`DTSTART;TZID=${zone}:${local(at)}`, `DTEND;TZID=${zone}:${local(end)}`];
}

/** `20261005T080000` */
function local(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.000Z/g, "");
}

function date(at: number): string {
  return local(at).slice(0, 8);
}

/** RFC 5545 3.1; what is written here has no more than 75 octets where it has 70 characters. */
function folded(line: string): string[] {
  const pieces = line.match(/.{1,70}/gu) ?? [line];
  return pieces.map((piece, index) => (index === 0 ? piece : ` ${piece}`));
}

/** Whole numbers below what is asked for, in the same order in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}
