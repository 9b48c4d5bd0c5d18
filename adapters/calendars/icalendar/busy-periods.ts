/** A foreign iCalendar text (RFC 5545) as busy periods: the one entrance to this folder. Pure, and throws on no input. */

import { clipPeriods, mergePeriods } from "../../../scheduling/period.ts";
import type { Period } from "../../../scheduling/period.ts";
import { feedBudget } from "./budget.ts";
import type { Budget } from "./budget.ts";
import { lineOf, linesOf, readComponents } from "./components.ts";
import type { Component } from "./components.ts";
import { unfoldedLines } from "./content-lines.ts";
import { extraDates, instantOf, periodFrom } from "./event-times.ts";
import type { TimeContext } from "./event-times.ts";
import { busyOfSeries } from "./occurrences.ts";
import { Problems } from "./problems.ts";
import type { Problem } from "./problems.ts";
import { readVevent } from "./vevent.ts";
import type { Vevent } from "./vevent.ts";
import type { Zone } from "./zone.ts";
import { CalendarZones, ZoneNames } from "./zones.ts";

/** Larger texts are refused unread. Whoever downloads should stop there as well. */
export const MAX_CALENDAR_BYTES = 10_000_000;

export interface CalendarQuestion {
  /** Epoch milliseconds, half-open. */
  readonly range: Period;
  /** The host's IANA zone: whole days are its days, and times without a zone are its times. */
  readonly hostZone: string;
  /** The host's e-mail addresses, where known: what one of them has declined is not busy. */
  readonly hostAddresses?: readonly string[];
  /** Whether a UID, as it is in the text, is that of a booking made here: such an event, with all its overrides, is not busy. */
  readonly isBooking?: (uid: string) => boolean;
}

/** Nothing in it comes from a title, a description, a place or an attendee. */
export interface CalendarReading {
  readonly ok: true;
  /** Merged, in order, clipped to the range. */
  readonly busy: Period[];
  /** How many VEVENTs were read, busy or not and in the range or not: a feed that suddenly has none is suspicious. */
  readonly events: number;
  readonly problems: Problem[];
}

/** `not-a-calendar` is an HTML page or nothing at all; `truncated` a calendar that stops before its end. */
export interface CalendarRefusal {
  readonly ok: false;
  readonly refusal: "not-a-calendar" | "truncated" | "too-large" | "unknown-host-zone";
}

/** When the host is busy by this calendar. A refusal says nothing about the host: earlier busy times must be kept. */
export function readBusyPeriods(
  source: string | Uint8Array,
  question: CalendarQuestion,
): CalendarReading | CalendarRefusal {
  return createBusyReader(question)(source);
}

/**
 * Reads the resources of one calendar (RFC 4791 4.1), each for itself, so that none can hide another. All of them share the allowance
 * that one text has.
 */
export function createBusyReader(
  question: CalendarQuestion,
): (source: string | Uint8Array) => CalendarReading | CalendarRefusal {
  const known = new Map<string, Zone>();
  const budget = feedBudget();
  return (source) => readText(source, question, new ZoneNames(known), budget);
}

function readText(
  source: string | Uint8Array,
  question: CalendarQuestion,
  names: ZoneNames,
  budget: Budget,
): CalendarReading | CalendarRefusal {
  if (source.length > MAX_CALENDAR_BYTES) return { ok: false, refusal: "too-large" };
  const host = names.named(question.hostZone);
  if (host === undefined) return { ok: false, refusal: "unknown-host-zone" };
  const { calendars, whole, brokenLines } = readComponents(unfoldedLines(source));
  if (calendars.length === 0) return { ok: false, refusal: "not-a-calendar" };
  if (!whole) return { ok: false, refusal: "truncated" };

  const problems = new Problems();
  problems.add("broken-line", brokenLines);
  const feed: Feed = {
    question,
    host,
    names,
    problems,
    budget,
    byUid: new Map(),
    busy: [],
    events: 0,
  };
  for (const calendar of calendars) readCalendar(calendar, feed);
  for (const versions of feed.byUid.values()) addEvents(versions, feed);
  const busy = mergePeriods(clipPeriods(feed.busy, question.range));
  return { ok: true, busy, events: feed.events, problems: problems.list() };
}

interface Feed {
  readonly question: CalendarQuestion;
  readonly host: Zone;
  readonly names: ZoneNames;
  readonly problems: Problems;
  readonly budget: Budget;
  /** All that share a UID are one series and its exceptions, in whatever order they come. */
  readonly byUid: Map<string, Vevent[]>;
  readonly busy: Period[];
  events: number;
}

function readCalendar(calendar: Component, feed: Feed): void {
  const { host, names, problems, budget, question } = feed;
  const zones = new CalendarZones(calendar, names, host, question.range.end, budget);
  const context = { zones, host, problems };
  const addresses = new Set((question.hostAddresses ?? []).map((address) => address.toLowerCase()));
  for (const component of calendar.children) {
    if (component.name === "VFREEBUSY") addFreeBusy(component, context, feed);
    if (component.name !== "VEVENT") continue;
    feed.events += 1;
    const written = lineOf(component, "UID")?.value;
    if (written !== undefined && question.isBooking?.(written)) continue;
    const event = readVevent(component, addresses, context);
    if (event === undefined) continue;
    // Without a UID it belongs to nothing else.
    const uid = written ?? `\u0000${feed.events}`;
    const versions = feed.byUid.get(uid);
    if (versions === undefined) feed.byUid.set(uid, [event]);
    else versions.push(event);
  }
}

function addFreeBusy(component: Component, context: TimeContext, feed: Feed): void {
  for (const line of linesOf(component, "FREEBUSY")) {
    // RFC 5545 3.2.9: what is not known must be taken for BUSY.
    if (line.parameters.get("FBTYPE")?.toUpperCase() === "FREE") continue;
    for (const { start, length } of extraDates([line], context)) {
      if (length !== undefined) feed.busy.push(periodFrom(start.local, start.zone, length));
    }
  }
}

function addEvents(versions: readonly Vevent[], feed: Feed): void {
  const { question, budget, problems } = feed;
  const current = currentVersions(versions);
  const overrides = current.filter(({ recurrenceId }) => recurrenceId !== undefined);
  for (const event of current) {
    if (event.recurrenceId === undefined) {
      for (const period of busyOfSeries(event, overrides, question.range, budget, problems))
        feed.busy.push(period);
    } else if (event.busy) {
      feed.busy.push(periodFrom(event.start.local, event.start.zone, event.length));
    }
  }
}

/** Of each instance the highest SEQUENCE, then the latest DTSTAMP (RFC 5546 2.1.5). Equals all count: none is known to be wrong. */
function currentVersions(versions: readonly Vevent[]): Vevent[] {
  if (versions.length === 1) return [...versions];
  const best = new Map<string, Vevent[]>();
  for (const event of versions) {
    const { recurrenceId } = event;
    const key = recurrenceId === undefined ? "series" : `${recurrenceId.isDate} ${instantOf(recurrenceId)}`;
    const known = best.get(key);
    const order =
      known === undefined ? 1 : event.sequence - known[0]!.sequence || event.stamp - known[0]!.stamp;
    if (order > 0) best.set(key, [event]);
    else if (order === 0) known!.push(event);
  }
  return [...best.values()].flat();
}
