/** A VEVENT (RFC 5545 3.6.1) reduced to when it is and whether it is busy. */

import { lineOf, linesOf } from "./components.ts";
import type { Component } from "./components.ts";
import { parseDateValue } from "./date-values.ts";
import type { Length } from "./date-values.ts";
import { extraDates, inZoneOf, lengthOf, momentOf, momentsOf } from "./event-times.ts";
import type { ExtraDate, Moment, TimeContext } from "./event-times.ts";
import { parseRecurrenceRule } from "./recurrence-rule.ts";
import type { RecurrenceRule } from "./recurrence-rule.ts";

export interface Vevent {
  readonly sequence: number;
  /** DTSTAMP on the time line, to tell two versions with one SEQUENCE apart. */
  readonly stamp: number;
  readonly start: Moment;
  readonly length: Length;
  readonly busy: boolean;
  readonly rules: readonly RecurrenceRule[];
  /** Whether some RRULE could not be read, so that DTSTART must stand for it. */
  readonly hasUnreadableRule: boolean;
  readonly extraDates: readonly ExtraDate[];
  readonly excluded: readonly Moment[];
  /** Which instance of the series this replaces; undefined for the series itself and for single events. */
  readonly recurrenceId: Moment | undefined;
  readonly thisAndFuture: boolean;
}

/** Undefined where there is no readable DTSTART. `hostAddresses` are bare and in lower case. */
export function readVevent(
  component: Component,
  hostAddresses: ReadonlySet<string>,
  context: TimeContext,
): Vevent | undefined {
  const startLine = lineOf(component, "DTSTART");
  const start = momentOf(startLine, context);
  if (start === undefined) {
    // One that is there and cannot be read has been counted where it was read.
    if (startLine === undefined) context.problems.add("unreadable-time");
    return undefined;
  }
  const written = linesOf(component, "RRULE").map((line) => parseRecurrenceRule(line.value));
  const rules = written.filter((rule) => rule !== undefined);
  context.problems.add("unreadable-rule", written.length - rules.length);
  const idLine = lineOf(component, "RECURRENCE-ID");
  return {
    sequence: Number(/^\d{1,9}/.exec(textOf(component, "SEQUENCE"))?.[0] ?? 0),
    stamp: parseDateValue(textOf(component, "DTSTAMP"))?.local ?? 0,
    start,
    length: lengthOf(component, start, context),
    busy: isBusy(component, hostAddresses),
    rules,
    hasUnreadableRule: rules.length < written.length,
    extraDates: extraDates(linesOf(component, "RDATE"), context).map((extra) => ({
      ...extra,
      start: inZoneOf(extra.start, start),
    })),
    excluded: momentsOf(linesOf(component, "EXDATE"), context).map((moment) => inZoneOf(moment, start)),
    recurrenceId: momentOf(idLine, context),
    thisAndFuture: idLine?.parameters.get("RANGE")?.toUpperCase() === "THISANDFUTURE",
  };
}

/** RFC 5545 3.8.1.11 STATUS, 3.8.2.7 TRANSP and 3.2.12 PARTSTAT, and what Exchange says beside them. */
function isBusy(component: Component, hostAddresses: ReadonlySet<string>): boolean {
  if (textOf(component, "STATUS") === "CANCELLED") return false;
  if (textOf(component, "TRANSP").startsWith("TRANSPARENT")) return false;
  const exchange = textOf(component, "X-MICROSOFT-CDO-BUSYSTATUS");
  if (exchange === "FREE" || exchange === "WORKINGELSEWHERE") return false;
  if (hostAddresses.size === 0) return true;
  return !linesOf(component, "ATTENDEE").some(
    ({ parameters, value }) =>
      parameters.get("PARTSTAT")?.toUpperCase() === "DECLINED" &&
      hostAddresses.has(value.replace(/^mailto:/i, "").toLowerCase()),
  );
}

function textOf(component: Component, name: string): string {
  return lineOf(component, name)?.value.toUpperCase() ?? "";
}
