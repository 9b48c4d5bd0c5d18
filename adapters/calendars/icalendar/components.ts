/** The tree of components (RFC 5545 3.4 and 3.6), built from lines of which any may be missing or wrong. */

import { nameOfLine, parseContentLine } from "./content-lines.ts";
import type { ContentLine } from "./content-lines.ts";

export interface Component {
  readonly name: string;
  readonly lines: ContentLine[];
  readonly children: Component[];
}

export interface ComponentTree {
  /** The VCALENDAR objects; usually one. */
  readonly calendars: readonly Component[];
  /** Whether every VCALENDAR that begins also ends. False of a download that broke off. */
  readonly whole: boolean;
  /** Lines that are no content lines, and an END without its BEGIN. */
  readonly brokenLines: number;
}

/** What busy time is made of. Titles, descriptions and places are dropped here, before anything could repeat them. */
const NEEDED = new Set(
  (
    "UID SEQUENCE DTSTAMP DTSTART DTEND DURATION RRULE RDATE EXDATE RECURRENCE-ID STATUS TRANSP ATTENDEE FREEBUSY " +
    "X-MICROSOFT-CDO-BUSYSTATUS TZID TZOFFSETFROM TZOFFSETTO X-WR-TIMEZONE"
  ).split(" "),
);

const MAX_DEPTH = 8;

/** Never throws. A component is closed by its END, by the END of one around it, or by the next of its own kind. */
export function readComponents(lines: readonly string[]): ComponentTree {
  const calendars: Component[] = [];
  const open: Component[] = [];
  /** How many are open below the deepest that is kept. A hostile file opens a million, and none of them may be searched. */
  let buried = 0;
  let brokenLines = 0;
  let whole = true;
  for (const line of lines) {
    const name = nameOfLine(line);
    if (name === "") {
      brokenLines += 1;
    } else if (name === "BEGIN") {
      const kind = line
        .slice(line.indexOf(":") + 1)
        .trim()
        .toUpperCase();
      const same = open.findIndex((component) => component.name === kind);
      if (same >= 0) {
        brokenLines += 1;
        if (kind === "VCALENDAR") whole = false;
        open.length = same;
        buried = 0;
      }
      if (open.length === MAX_DEPTH) {
        buried += 1;
        continue;
      }
      const component: Component = { name: kind, lines: [], children: [] };
      if (kind === "VCALENDAR" && open.length === 0) calendars.push(component);
      else open.at(-1)?.children.push(component);
      open.push(component);
    } else if (name === "END") {
      const kind = line
        .slice(line.indexOf(":") + 1)
        .trim()
        .toUpperCase();
      // Some files misspell their last line, as in END:VCALENDARD; they are whole all the same.
      const ended = kind.startsWith("VCALENDAR") ? "VCALENDAR" : kind;
      const at = open.findLastIndex((component) => component.name === ended);
      if (at >= 0) {
        open.length = at;
        buried = 0;
      } else if (buried > 0) buried -= 1;
      else brokenLines += 1;
    } else if (NEEDED.has(name) && open.length > 0 && buried === 0) {
      const parsed = parseContentLine(line);
      if (parsed === undefined) brokenLines += 1;
      else open.at(-1)!.lines.push(parsed);
    }
  }
  return { calendars, whole: whole && open.every(({ name }) => name !== "VCALENDAR"), brokenLines };
}

/** The first line of that name. */
export function lineOf(component: Component, name: string): ContentLine | undefined {
  return component.lines.find((line) => line.name === name);
}

/** All lines of that name, in order. */
export function linesOf(component: Component, name: string): ContentLine[] {
  return component.lines.filter((line) => line.name === name);
}
