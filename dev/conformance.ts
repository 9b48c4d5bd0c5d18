/**
 * `npm run conformance -- <folder>`: reads calendars for which somebody else has worked out the answer, and tells where ours differs.
 *
 * The folder may hold `expected/freebusy-agreed.json`, a list of `{file, from, to, busy: [[start, end]]}` with files relative to the
 * folder and all-day and floating times read as UTC, and `libical/icalrecur_test.json`, a list of `{rrule, dtstart, instances}`.
 * Exit code 1 for busy time that differs or a file that takes over a second. Rules that differ are only shown; known ones:
 *
 * | rule                                        | libical                  | ours                     | why                                       |
 * | ------------------------------------------- | ------------------------ | ------------------------ | ----------------------------------------- |
 * | YEARLY;BYMONTHDAY=29, no BYMONTH            | DTSTART's month only     | every month              | RFC 5545 3.3.10: BYMONTHDAY expands a year |
 * | YEARLY;BYMONTHDAY=-29,-1, no BYMONTH        | DTSTART's month only     | every month              | the same                                  |
 * | YEARLY;BYWEEKNO=53;INTERVAL=6 from 3 Jan    | counts from 2027         | counts from 2026         | that day is in week 53 of 2026; the RFC is silent |
 * | YEARLY;BYWEEKNO=53;INTERVAL=5 from 3 Jan    | counts from 2027         | counts from 2026         | the same                                  |
 * | YEARLY;BYMONTH;BYMONTHDAY;BYWEEKNO together | says it cannot           | days that pass all three | RFC 5545 3.3.10: each limits what is left |
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { feedBudget } from "../adapters/calendars/icalendar/budget.ts";
import { readBusyPeriods } from "../adapters/calendars/icalendar/busy-periods.ts";
import { parseDateValue } from "../adapters/calendars/icalendar/date-values.ts";
import type { DateValue } from "../adapters/calendars/icalendar/date-values.ts";
import { instancesOfRule } from "../adapters/calendars/icalendar/recurrence-dates.ts";
import { parseRecurrenceRule } from "../adapters/calendars/icalendar/recurrence-rule.ts";
import { DAY } from "../scheduling/time-zone.ts";

interface ExpectedFile {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly busy: readonly (readonly [string, string])[];
}

interface ExpectedRule {
  readonly name?: string;
  readonly rrule: string;
  readonly dtstart: string;
  readonly instances?: readonly string[];
  readonly error?: string;
}

const SLOW_MS = 1000;
const YEARS_ASKED = 100;

process.exitCode = run(process.argv.slice(2)) ? 0 : 1;

/** True where nothing is wrong. */
function run(args: readonly string[]): boolean {
  const [folder] = args;
  if (folder === undefined || args.length > 1) {
    console.error("Name one folder: npm run conformance -- path/to/folder");
    return false;
  }
  const freeBusy = join(folder, "expected/freebusy-agreed.json");
  const rules = join(folder, "libical/icalrecur_test.json");
  if (!existsSync(freeBusy) && !existsSync(rules)) {
    console.error(`${folder} holds neither expected/freebusy-agreed.json nor libical/icalrecur_test.json.`);
    return false;
  }
  const sound = existsSync(freeBusy) ? checkFiles(folder, readJson(freeBusy) as ExpectedFile[]) : true;
  if (existsSync(rules)) checkRules(readJson(rules) as ExpectedRule[]);
  return sound;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

function checkFiles(folder: string, expected: readonly ExpectedFile[]): boolean {
  let agreeing = 0;
  let slow = 0;
  let periods = 0;
  for (const { file, from, to, busy } of expected) {
    const bytes = readFileSync(join(folder, file));
    const range = { start: instant(from), end: instant(to) };
    const began = performance.now();
    const reading = readBusyPeriods(bytes, { range, hostZone: "UTC" });
    const took = performance.now() - began;
    const ours = reading.ok ? reading.busy.map(({ start, end }) => `${basic(start)}/${basic(end)}`) : [];
    const theirs = busy.map(([start, end]) => `${basic(instant(start))}/${basic(instant(end))}`);
    const agrees = reading.ok && ours.join() === theirs.join();
    periods += theirs.length;
    if (agrees) agreeing += 1;
    if (took > SLOW_MS) slow += 1;
    console.log(
      `${agrees ? "agrees " : "DIFFERS"} ${took.toFixed(0).padStart(5)} ms  ${file}${took > SLOW_MS ? "  SLOW" : ""}`,
    );
    if (agrees) continue;
    if (!reading.ok) console.log(`          refused: ${reading.refusal}`);
    showDifference(theirs, ours);
  }
  console.log(
    `Busy time: ${agreeing} of ${expected.length} files agree (${periods} periods), ${slow} over a second.`,
  );
  return agreeing === expected.length && slow === 0;
}

function checkRules(expected: readonly ExpectedRule[]): void {
  let agreeing = 0;
  for (const { name, rrule, dtstart, instances = [], error } of expected) {
    const theirs = [...instances];
    const ours = expandAll(rrule, dtstart);
    if (ours.join() === theirs.join()) {
      agreeing += 1;
      continue;
    }
    console.log(`DIFFERS  ${rrule} from ${dtstart} (${name ?? ""})`);
    if (error !== undefined) console.log(`          they: ${error}`);
    showDifference(theirs, ours);
  }
  console.log(`Rules: ${agreeing} of ${expected.length} give exactly the instances expected.`);
}

function expandAll(rrule: string, dtstart: string): string[] {
  const rule = parseRecurrenceRule(rrule);
  const start = parseDateValue(dtstart);
  if (rule === undefined || start === undefined) return [];
  const question = {
    start: start.local,
    isDate: start.form === "date",
    until: untilOf(rule.until),
    window: { start: start.local, end: start.local + YEARS_ASKED * 366 * DAY },
  };
  const { locals } = instancesOfRule(rule, question, feedBudget());
  const length = start.form === "date" ? 8 : 15;
  return locals.map((local) => basic(local).slice(0, length) + (start.form === "utc" ? "Z" : ""));
}

function untilOf(until: DateValue | undefined): number {
  if (until === undefined) return Number.POSITIVE_INFINITY;
  return until.form === "date" ? until.local + DAY - 1 : until.local;
}

function showDifference(theirs: readonly string[], ours: readonly string[]): void {
  const show = (sign: string, list: readonly string[], other: readonly string[]): void => {
    const missing = list.filter((item) => !other.includes(item));
    for (const item of missing.slice(0, 3)) console.log(`          ${sign} ${item}`);
    if (missing.length > 3) console.log(`          ${sign} … and ${missing.length - 3} more`);
  };
  show("expected", theirs, ours);
  show("ours    ", ours, theirs);
}

function instant(text: string): number {
  return parseDateValue(text)?.local ?? Number.NaN;
}

function basic(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
}
