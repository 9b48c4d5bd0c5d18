/** `social.schedule.availability` records to checked Availability and back. No I/O; what it returns holds every bound. */

import { toDatetimeString } from "@atproto/syntax";

import { $build, $safeParse } from "../../lexicons/generated/social/schedule/availability.defs.js";
import type { Main } from "../../lexicons/generated/social/schedule/availability.defs.js";
import type {
  Availability,
  DateOverride,
  WallWindow,
  Weekday,
  WeeklyWindow,
} from "../../scheduling/availability.ts";
import { isKnownTimeZone, parseLocalDate } from "../../scheduling/time-zone.ts";
import { formatWallTime, parseWallTime } from "../../scheduling/wall-time.ts";
import { COLLECTIONS, recordUri, rkeyWithin } from "./record-address.ts";
import { checkLexicon, invalid } from "./record-lexicon.ts";
import type { Checked } from "./record-lexicon.ts";
import { plainLine } from "./record-text.ts";

/** A range of wall time as the record writes it. */
interface Window {
  readonly start: string;
  readonly end: string;
}

/** What a host fills in; wall times are `HH:MM`, dates `YYYY-MM-DD`. */
export interface AvailabilityDraft {
  readonly name: string;
  readonly timeZone: string;
  readonly weekly: readonly (Window & { readonly days: readonly string[] })[];
  readonly overrides?: readonly { readonly date: string; readonly windows: readonly Window[] }[];
  readonly from?: string;
  readonly until?: string;
  readonly insteadOfRkey?: string;
}

const WEEKDAYS: readonly Weekday[] = ["mo", "tu", "we", "th", "fr", "sa", "su"];

/** A record as found in the repository of `did`. Whether the one it stands in for exists is not known here. Never throws. */
export function parseAvailabilityRecord(did: string, rkey: string, value: unknown): Checked<Availability> {
  const checked = checkLexicon($safeParse, value);
  if (!checked.ok) {
    return checked;
  }
  const record = checked.value;
  const name = plainLine(record.name);
  if (name === "") {
    return invalid('"name" has no visible text.');
  }
  if (!isKnownTimeZone(record.timeZone)) {
    return invalid('"timeZone" is not a time zone known here. Use an IANA name, such as "Europe/Lisbon".');
  }
  const weekly = parseEach(record.weekly, "weekly", parseWeeklyWindow);
  if (!weekly.ok) {
    return weekly;
  }
  const overrides = parseEach(record.overrides ?? [], "overrides", parseDateOverride);
  if (!overrides.ok) {
    return overrides;
  }
  const dates = overrides.value.map((override) => override.date);
  const repeated = dates.find((date, index) => dates.indexOf(date) !== index);
  if (repeated !== undefined) {
    return invalid(`"overrides" lists ${repeated} more than once; put its windows together.`);
  }
  const season = parseSeason(did, rkey, record);
  if (!season.ok) {
    return season;
  }
  const { timeZone } = record;
  return {
    ok: true,
    value: { rkey, name, timeZone, weekly: weekly.value, overrides: overrides.value, ...season.value },
  };
}

/** The record to write into the repository of `did`, checked exactly as a reader will check it. `createdAt` is epoch ms. */
export function availabilityRecord(
  did: string,
  rkey: string,
  draft: AvailabilityDraft,
  createdAt: number,
): Checked<Main> {
  const record = $build({
    name: plainLine(draft.name),
    timeZone: draft.timeZone,
    weekly: draft.weekly.map(({ days, start, end }) => ({ days: [...days], start, end })),
    overrides: (draft.overrides ?? []).map(({ date, windows }) => ({
      date,
      windows: windows.map(({ start, end }) => ({ start, end })),
    })),
    ...(draft.from !== undefined && { from: draft.from }),
    ...(draft.until !== undefined && { until: draft.until }),
    ...(draft.insteadOfRkey !== undefined && {
      insteadOf: recordUri(did, COLLECTIONS.availability, draft.insteadOfRkey),
    }),
    createdAt: toDatetimeString(new Date(createdAt)),
  });
  const checked = parseAvailabilityRecord(did, rkey, record);
  return checked.ok ? { ok: true, value: record } : checked;
}

/** What a form shows of a checked Availability; `24:00` stands for an end at midnight. */
export function availabilityDraft(
  availability: Availability,
): AvailabilityDraft & Required<Pick<AvailabilityDraft, "overrides">> {
  const window = ({ startMinute, endMinute }: WallWindow): Window => ({
    start: formatWallTime(startMinute),
    end: formatWallTime(endMinute),
  });
  return {
    name: availability.name,
    timeZone: availability.timeZone,
    weekly: availability.weekly.map((weekly) => ({ days: weekly.days, ...window(weekly) })),
    overrides: availability.overrides.map(({ date, windows }) => ({ date, windows: windows.map(window) })),
    ...(availability.from !== undefined && { from: availability.from }),
    ...(availability.until !== undefined && { until: availability.until }),
    ...(availability.insteadOfRkey !== undefined && { insteadOfRkey: availability.insteadOfRkey }),
  };
}

/** The dates on which it holds, and in whose place. */
function parseSeason(
  did: string,
  rkey: string,
  { from, until, insteadOf }: Main,
): Checked<Pick<Availability, "from" | "until" | "insteadOfRkey">> {
  for (const [field, date] of Object.entries({ from, until })) {
    if (date !== undefined && parseLocalDate(date) === undefined) {
      return invalid(`"${field}" must be a date that exists, such as "2026-12-24".`);
    }
  }
  if (from !== undefined && until !== undefined && until < from) {
    return invalid('"until" must not be before "from".');
  }
  const insteadOfRkey =
    insteadOf === undefined ? undefined : rkeyWithin(insteadOf, did, COLLECTIONS.availability);
  if (insteadOf !== undefined && (insteadOfRkey === undefined || insteadOfRkey === rkey)) {
    return invalid(
      `"insteadOf" must be another ${COLLECTIONS.availability} record of the same repository, such as "${recordUri(did, COLLECTIONS.availability, "…")}".`,
    );
  }
  return {
    ok: true,
    value: {
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
      ...(insteadOfRkey !== undefined && { insteadOfRkey }),
    },
  };
}

function parseWeeklyWindow(written: Main["weekly"][number], field: string): Checked<WeeklyWindow> {
  const window = parseWindow(written, field);
  if (!window.ok) {
    return window;
  }
  const days = WEEKDAYS.filter((day) => written.days.includes(day));
  return new Set(written.days).size === days.length
    ? { ok: true, value: { days, ...window.value } }
    : invalid(`"${field}.days" must be among ${WEEKDAYS.join(", ")}.`);
}

function parseDateOverride(
  written: NonNullable<Main["overrides"]>[number],
  field: string,
): Checked<DateOverride> {
  if (parseLocalDate(written.date) === undefined) {
    return invalid(`"${field}.date" must be a date that exists, such as "2026-12-24".`);
  }
  const windows = parseEach(written.windows, `${field}.windows`, parseWindow);
  return windows.ok ? { ok: true, value: { date: written.date, windows: windows.value } } : windows;
}

function parseWindow(written: Window, field: string): Checked<WallWindow> {
  const startMinute = parseWallTime(written.start);
  if (startMinute === undefined || startMinute === 1440) {
    return invalid(`"${field}.start" must be a wall time from 00:00 to 23:59.`);
  }
  const endMinute = parseWallTime(written.end);
  if (endMinute === undefined) {
    return invalid(`"${field}.end" must be a wall time from 00:00 to 24:00.`);
  }
  // An end of 00:00 is at or before every start, so it means the next date's midnight: the same instant as 24:00.
  return { ok: true, value: { startMinute, endMinute: endMinute === 0 ? 1440 : endMinute } };
}

function parseEach<Written, Value>(
  written: readonly Written[],
  field: string,
  parse: (item: Written, field: string) => Checked<Value>,
): Checked<Value[]> {
  const values: Value[] = [];
  for (const [index, item] of written.entries()) {
    const checked = parse(item, `${field}[${index}]`);
    if (!checked.ok) {
      return checked;
    }
    values.push(checked.value);
  }
  return { ok: true, value: values };
}
