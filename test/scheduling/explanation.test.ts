import { describe, expect, test } from "vitest";
import type { Availability } from "../../scheduling/availability.ts";
import { explainDate, explainStart } from "../../scheduling/explanation.ts";
import { publicReasons } from "../../scheduling/reason.ts";
import type { Reason } from "../../scheduling/reason.ts";
import type { Occupancy, SlotQuestion } from "../../scheduling/slot-question.ts";
import {
  EVERY_DAY,
  FREE,
  availabilityIn,
  override,
  period,
  question,
  showInstant,
  utc,
  weekly,
} from "./scenario.ts";

const NOW = utc("2026-06-01 08:00");
const claim = { meetingTypeRkey: "3lother", bufferBeforeMinutes: 0, bufferAfterMinutes: 0 };
const OCCUPANCY: Occupancy = {
  bookings: [{ uid: "b1", ...claim, bufferAfterMinutes: 30, ...period("2026-06-02 10:00/10:30") }],
  holds: [{ ...claim, bookerDid: "did:plc:ann", expiresAt: NOW + 1, ...period("2026-06-02 13:00/13:30") }],
  busy: [period("2026-06-02 15:00/15:10")],
};

const OUTSIDE: Reason = { code: "outside_window", startsInside: false, availabilityRkey: "3lavailability" };
const OVERRUNS: Reason = { ...OUTSIDE, startsInside: true };
const closedOn = (date: string, availabilityRkey = "3lavailability"): Reason => ({
  code: "closed_by_override",
  date,
  availabilityRkey,
});

/** Open from nine to five, but in the morning only on the 3rd, and closed on the 4th. */
const HOURS = availabilityIn("UTC", weekly(EVERY_DAY, "09:00-17:00"), [
  override("2026-06-03", "09:00-12:00"),
  override("2026-06-04"),
]);

function asked(availability: Availability = HOURS, changes = {}): SlotQuestion {
  return question(availability, NOW, { minimumNoticeMinutes: 120, horizonDays: 5, ...changes }, OCCUPANCY);
}

describe("an instant", () => {
  test.each<[string, string, Reason[]]>([
    ["is offered", "2026-06-02 09:00", []],
    [
      "is before the notice has passed",
      "2026-06-01 09:30",
      [{ code: "too_soon", minimumNoticeMinutes: 120, isPast: false }],
    ],
    ["is just after the notice has passed", "2026-06-01 10:00", []],
    [
      "is past and so too soon, not too far",
      "2026-05-01 09:30",
      [{ code: "too_soon", minimumNoticeMinutes: 120, isPast: true }],
    ],
    ["is on the last date", "2026-06-06 09:00", []],
    [
      "is beyond the last date",
      "2026-06-07 09:00",
      [{ code: "beyond_horizon", horizonDays: 5, lastDate: "2026-06-06" }],
    ],
    ["is before the day begins", "2026-06-02 08:30", [OUTSIDE]],
    ["leaves no room until the day ends", "2026-06-02 16:45", [OVERRUNS]],
    [
      "is off the grid",
      "2026-06-02 09:10",
      [{ code: "off_grid", before: utc("2026-06-02 09:00"), after: utc("2026-06-02 09:30") }],
    ],
    [
      "is booked",
      "2026-06-02 10:00",
      [{ code: "booked", uid: "b1", period: period("2026-06-02 10:00/10:30") }],
    ],
    [
      "is in the buffer after a booking",
      "2026-06-02 10:30",
      [{ code: "buffer", of: { code: "booked", uid: "b1", period: period("2026-06-02 10:00/10:30") } }],
    ],
    ["is clear of that buffer", "2026-06-02 11:00", []],
    [
      "is held",
      "2026-06-02 13:00",
      [{ code: "held", expiresAt: NOW + 1, period: period("2026-06-02 13:00/13:30") }],
    ],
    ["is busy", "2026-06-02 15:00", [{ code: "busy", period: period("2026-06-02 15:00/15:10") }]],
    ["is closed by an override with other hours", "2026-06-03 13:00", [closedOn("2026-06-03")]],
    ["would run into what an override closes", "2026-06-03 11:45", [closedOn("2026-06-03")]],
    ["is closed all day", "2026-06-04 09:00", [closedOn("2026-06-04")]],
    ["would be closed without the override too", "2026-06-04 08:00", [OUTSIDE]],
    [
      "has more than one reason",
      "2026-06-08 03:00",
      [OUTSIDE, { code: "beyond_horizon", horizonDays: 5, lastDate: "2026-06-06" }],
    ],
  ])("%s: %s", (_name, start, reasons) => {
    expect(explainStart(asked(), utc(start))).toEqual({
      ...period(`${start}/${showInstant(utc(start) + 30 * 60_000)}`),
      reasons,
    });
  });

  test("of a paused meeting type says so before anything else", () => {
    const reasons = explainStart(asked(HOURS, { active: false }), utc("2026-06-02 10:00")).reasons;
    expect(reasons.map(({ code }) => code)).toEqual(["inactive", "booked"]);
  });

  test("that is no instant is outside of everything and hurts nobody", () => {
    for (const start of [Number.NaN, Number.POSITIVE_INFINITY, -8e15, 2 ** 60]) {
      expect(explainStart(asked(), start).reasons[0]?.code).toBe("outside_window");
    }
  });

  test("at which a whole calendar overlaps is told no more than ten reasons", () => {
    const busy = Array.from({ length: 1000 }, () => period("2026-06-02 09:00/12:00"));
    const { reasons } = explainStart({ ...asked(), occupancy: { ...FREE, busy } }, utc("2026-06-02 10:00"));
    expect(reasons).toHaveLength(10);
  });
});

describe("in a season", () => {
  const summer = {
    ...availabilityIn("UTC", weekly(EVERY_DAY, "10:00-12:00"), [override("2026-06-03")]),
    rkey: "3lsummer",
    from: "2026-06-02",
  };
  const usual = {
    ...availabilityIn("UTC", weekly(EVERY_DAY, "09:00-17:00"), [override("2026-06-04")]),
    seasons: [summer],
  };

  test.each<[string, string, Reason]>([
    [
      "what lies outside is outside of the season's hours",
      "2026-06-02 13:00",
      { ...OUTSIDE, availabilityRkey: "3lsummer" },
    ],
    ["what it closes, it closes itself", "2026-06-03 10:00", closedOn("2026-06-03", "3lsummer")],
    ["a day off of the usual hours closes it", "2026-06-04 10:00", closedOn("2026-06-04")],
    ["the day before is the usual hours'", "2026-06-01 18:00", OUTSIDE],
  ])("%s", (_name, start, reason) => {
    expect(explainStart({ ...asked(usual), occupancy: FREE }, utc(start)).reasons).toEqual([reason]);
  });
});

describe("a date", () => {
  test("lists every start of the grid, the one without room too", () => {
    const short = availabilityIn("UTC", weekly(EVERY_DAY, "09:00-10:15"));
    const { reasons, starts } = explainDate(asked(short), "2026-06-02");
    expect(reasons).toEqual([]);
    expect(
      starts.map(({ start, reasons: against }) => [showInstant(start), ...against.map(({ code }) => code)]),
    ).toEqual([["2026-06-02 09:00"], ["2026-06-02 09:30"], ["2026-06-02 10:00", "outside_window", "booked"]]);
  });

  test("that is closed says by what", () => {
    expect(explainDate(asked(), "2026-06-04")).toEqual({
      reasons: [closedOn("2026-06-04")],
      starts: [],
    });
    const weekdays = availabilityIn("UTC", weekly(["mo"], "09:00-17:00"), [override("2026-06-03")]);
    for (const date of ["2026-06-02", "2026-06-03"]) {
      expect(explainDate(asked(weekdays), date)).toEqual({
        reasons: [OUTSIDE],
        starts: [],
      });
    }
  });

  test("is the host's: its starts may lie on two dates of UTC", () => {
    const { starts } = explainDate(
      asked(availabilityIn("Pacific/Auckland", weekly(EVERY_DAY, "11:00-13:00"))),
      "2026-06-03",
    );
    expect(starts.map(({ start }) => showInstant(start))).toEqual([
      "2026-06-02 23:00",
      "2026-06-02 23:30",
      "2026-06-03 00:00",
      "2026-06-03 00:30",
    ]);
  });

  test("that the zone skipped has no starts", () => {
    const apia = availabilityIn("Pacific/Apia", weekly(EVERY_DAY, "09:00-17:00"));
    expect(explainDate(asked(apia), "2011-12-30")).toEqual({
      reasons: [OUTSIDE],
      starts: [],
    });
  });

  test("that is malformed is a bug", () => {
    expect(() => explainDate(asked(), "2026-02-30")).toThrow(RangeError);
  });
});

test("others learn that a time is taken, and not by what", () => {
  const by = { code: "booked", uid: "b1", period: period("2026-06-02 10:00/10:30") } as const;
  const busy = { code: "busy", period: period("2026-06-02 10:00/10:30") } as const;
  expect(
    publicReasons([
      { code: "too_soon", minimumNoticeMinutes: 1, isPast: false },
      busy,
      by,
      { code: "buffer", of: by },
      { code: "limit_reached", per: "day", max: 1 },
    ]),
  ).toEqual([
    { code: "too_soon", minimumNoticeMinutes: 1, isPast: false },
    { code: "taken" },
    { code: "limit_reached", per: "day", max: 1 },
  ]);
  expect(publicReasons([])).toEqual([]);
});
