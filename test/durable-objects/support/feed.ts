/** What a feed of a test answers with. */

const HOUR_MS = 60 * 60_000;

/** The title of every event; nothing may remember it. */
export const TITLE = "Dentist, do not tell";

/** An .ics file with one event of an hour at each of these starts. */
export function calendarWith(...starts: number[]): Response {
  const stamp = (at: number) => new Date(at).toISOString().replaceAll(/[-:]|\.000/g, "");
  const events = starts.flatMap((start, index) => [
    "BEGIN:VEVENT",
    `UID:${index}-${start}@example.com`,
    `DTSTAMP:${stamp(0)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(start + HOUR_MS)}`,
    `SUMMARY:${TITLE}`,
    "END:VEVENT",
  ]);
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", ...events, "END:VCALENDAR", ""];
  return new Response(lines.join("\r\n"), { headers: { "content-type": "text/calendar" } });
}
