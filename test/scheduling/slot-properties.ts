/** What must hold for every question about slots. Each check throws when it does not; whoever runs them shrinks the case. */

import { deepStrictEqual, ok } from "node:assert/strict";
import { explainDate } from "../../scheduling/explanation.ts";
import type { Period } from "../../scheduling/period.ts";
import { refusalOf } from "../../scheduling/reason.ts";
import type { Reason } from "../../scheduling/reason.ts";
import { reasonsAgainst } from "../../scheduling/reasons-against.ts";
import { decisivePeriod } from "../../scheduling/slot-question.ts";
import type { SlotQuestion } from "../../scheduling/slot-question.ts";
import { judgeSlot, listSlots } from "../../scheduling/slots.ts";
import type { Case } from "./any-question.ts";
import { slowly } from "./brute-force.ts";
import type { SlowReading, SlowReason } from "./brute-force.ts";
import { tenDays } from "./minute-table.ts";
import { DAY_MS, MINUTE_MS } from "./scenario.ts";

/** A case with what a minute by minute reading makes of it. */
export interface Read {
  readonly case: Case;
  readonly slow: SlowReading;
  /** The five days in which everything is known. */
  readonly middle: Period;
  /** Starts of the grid in the middle and minutes that are none, not too many of them. */
  readonly asked: readonly number[];
}

export function read(one: Case): Read {
  const { place, question } = one;
  const middle = { start: place.around - 2 * DAY_MS, end: place.around + 3 * DAY_MS };
  const slow = slowly(question, (zone) => tenDays(zone, place.around));
  const grid = slow.grid.filter((at) => middle.start <= at && at < middle.end);
  const every = Math.ceil(grid.length / 24);
  return {
    case: one,
    slow,
    middle,
    asked: [...grid.filter((_at, index) => index % every === 0), ...one.asked],
  };
}

export const PROPERTIES: Readonly<Record<string, (read: Read) => void>> = {
  "are offered exactly where a minute by minute reading of the rules finds them": ({
    case: { question, range },
    slow,
  }) => {
    const free = slow.grid.filter(
      (at) => range.start <= at && at < range.end && slow.reasons(at).length === 0,
    );
    deepStrictEqual(startsOf(question, range), free);
  },

  "lie inside the windows in every one of their minutes": ({ case: { question, range, place }, slow }) => {
    const { firstAt } = tenDays(place.zone, place.around);
    for (const { start, end } of listSlots(question, range)) {
      deepStrictEqual(end - start, question.durationMinutes * MINUTE_MS);
      for (let at = start; at < end; at += MINUTE_MS) ok(slow.isOpen[(at - firstAt) / MINUTE_MS] === 1);
    }
  },

  "have a reason, and the right ones, wherever they are not offered": ({
    case: { question },
    slow,
    asked,
  }) => {
    for (const at of asked) {
      deepStrictEqual(sorted(reasonsAgainst(question, at).map(comparable)), sorted(slow.reasons(at)));
    }
  },

  "that are off the grid are told the nearest ones on it": ({ case: { question }, slow, asked }) => {
    const fitting = slow.grid.filter((at) => slow.reasons(at).every(({ code }) => !OF_WINDOWS.has(code)));
    for (const at of asked) {
      const offGrid = reasonsAgainst(question, at).find((reason) => reason.code === "off_grid");
      if (offGrid === undefined) continue;
      deepStrictEqual(
        [offGrid.before, offGrid.after],
        [
          fitting.findLast((start) => at - DAY_MS <= start && start < at),
          fitting.find((start) => at <= start && start < at + DAY_MS),
        ],
      );
    }
  },

  "can be booked if and only if they are offered": ({ case: { question }, middle, asked }) => {
    const offered = new Set(startsOf(question, middle));
    for (const at of asked) {
      const judged = judgeSlot(question, at);
      const [decisive] = reasonsAgainst(question, at);
      deepStrictEqual(judged.ok, offered.has(at));
      deepStrictEqual(judged.ok ? undefined : judged.refusal, decisive && refusalOf(decisive));
    }
  },

  "never become more when something more is busy": ({ case: { question, range, alsoBusy } }) => {
    const { occupancy } = question;
    const busier = { ...question, occupancy: { ...occupancy, busy: [alsoBusy, ...occupancy.busy] } };
    const before = new Set(startsOf(question, range));
    deepStrictEqual(
      startsOf(busier, range).filter((at) => !before.has(at)),
      [],
    );
  },

  "do not depend on how a query is cut": ({ case: { question, range, cut } }) => {
    deepStrictEqual(
      [
        ...startsOf(question, { start: range.start, end: cut }),
        ...startsOf(question, { start: cut, end: range.end }),
      ],
      startsOf(question, range),
    );
  },

  "depend on nothing outside the decisive period": ({ case: { question, range } }) => {
    const { meetingType, durationMinutes, occupancy } = question;
    const decisive = decisivePeriod(meetingType, durationMinutes, range);
    const isNear = (start: number, end: number): boolean => start < decisive.end && decisive.start < end;
    const near = {
      bookings: occupancy.bookings.filter((one) => isNear(paddedStart(one), paddedEnd(one))),
      holds: occupancy.holds.filter((one) => isNear(paddedStart(one), paddedEnd(one))),
      busy: occupancy.busy.filter((one) => isNear(one.start, one.end)),
    };
    deepStrictEqual(startsOf({ ...question, occupancy: near }, range), startsOf(question, range));
  },

  "of a date are explained as they are offered": ({ case: { question, date, place }, slow }) => {
    const explained = explainDate(question, date);
    const { local, firstAt } = tenDays(place.zone, place.around);
    const day = Date.parse(date) / DAY_MS;
    const ofDate = slow.grid.filter((at) => Math.floor(local[(at - firstAt) / MINUTE_MS]! / 1440) === day);
    deepStrictEqual(
      explained.starts.map(({ start, reasons }) => [start, reasons.length === 0]),
      ofDate.map((at) => [at, slow.reasons(at).length === 0]),
    );
    ok(explained.starts.length > 0 || explained.reasons.length > 0);
  },
};

const OF_WINDOWS = new Set(["outside_window", "closed_by_override", "off_grid"]);

function startsOf(question: SlotQuestion, range: Period): number[] {
  return listSlots(question, range).map(({ start }) => start);
}

function comparable(reason: Reason): SlowReason {
  return {
    code: reason.code,
    ...(reason.code === "booked" && { uid: reason.uid }),
    ...(reason.code === "closed_by_override" && { date: reason.date }),
    ...("availabilityRkey" in reason && { rkey: reason.availabilityRkey }),
    ...(reason.code === "outside_window" && { startsInside: reason.startsInside }),
    ...(reason.code === "too_soon" && { isPast: reason.isPast }),
  };
}

function sorted(reasons: readonly SlowReason[]): string[] {
  return reasons.map((reason) => JSON.stringify(reason)).toSorted();
}

function paddedStart(claim: Period & { bufferBeforeMinutes: number }): number {
  return claim.start - claim.bufferBeforeMinutes * MINUTE_MS;
}

function paddedEnd(claim: Period & { bufferAfterMinutes: number }): number {
  return claim.end + claim.bufferAfterMinutes * MINUTE_MS;
}
