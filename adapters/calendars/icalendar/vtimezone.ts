/** The rules of a VTIMEZONE (RFC 5545 3.6.5), for zones the runtime does not know by name. */

import type { Budget } from "./budget.ts";
import { DAY } from "../../../scheduling/time-zone.ts";
import type { Component } from "./components.ts";
import { lineOf, linesOf } from "./components.ts";
import { parseDateValue, parseUtcOffset } from "./date-values.ts";
import { lastBefore } from "./last-before.ts";
import { instancesOfRule } from "./recurrence-dates.ts";
import { parseRecurrenceRule } from "./recurrence-rule.ts";
import { zoneOfOffsets } from "./zone.ts";
import type { Zone } from "./zone.ts";

/** From here an instant has offset `to`, until the next onset. */
interface Onset {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** Endless rules are followed from 1960: no instant we are asked about is older than 1970. */
const RULES_FROM = -3653 * DAY;
const MAX_OBSERVANCES = 500;

/** The zone, or undefined where no observance could be read. Onsets after `end` (epoch ms) are not looked for. */
export function zoneOfVtimezone(component: Component, end: number, budget: Budget): Zone | undefined {
  const onsets = component.children
    .filter(({ name }) => name === "STANDARD" || name === "DAYLIGHT")
    .slice(0, MAX_OBSERVANCES)
    .flatMap((observance) => onsetsOf(observance, end, budget))
    .toSorted((a, b) => a.at - b.at);
  const [first] = onsets;
  if (first === undefined) return undefined;
  return zoneOfOffsets((instant) => lastBefore(onsets, instant, ({ at }) => at)?.to ?? first.from);
}

function onsetsOf(observance: Component, end: number, budget: Budget): Onset[] {
  const start = parseDateValue(lineOf(observance, "DTSTART")?.value ?? "");
  const to = parseUtcOffset(lineOf(observance, "TZOFFSETTO")?.value ?? "");
  const from = parseUtcOffset(lineOf(observance, "TZOFFSETFROM")?.value ?? "") ?? to;
  if (start === undefined || from === undefined || to === undefined) return [];

  const locals = new Set<number>([start.local]);
  for (const line of linesOf(observance, "RDATE")) {
    for (const item of line.value.split(",")) {
      const date = parseDateValue(item);
      if (date !== undefined) locals.add(date.local + (date.form === "utc" ? from : 0));
    }
  }
  for (const line of linesOf(observance, "RRULE")) {
    const rule = parseRecurrenceRule(line.value);
    if (rule === undefined) continue;
    const { until } = rule;
    const endless = until === undefined && rule.count === undefined;
    const question = {
      start: start.local,
      isDate: false,
      until: until === undefined ? Number.POSITIVE_INFINITY : until.local + (until.form === "utc" ? from : 0),
      window: { start: endless ? RULES_FROM : start.local, end: end + 400 * DAY },
    };
    for (const local of instancesOfRule(rule, question, budget).locals) locals.add(local);
  }
  return [...locals].map((local) => ({ at: local - from, from, to }));
}
