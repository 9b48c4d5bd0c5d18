import { describe, expect, test } from "vitest";
import {
  availabilityFromForm,
  formFromAvailability,
  newAvailability,
  newSeasonOf,
  type AvailabilityForm,
} from "../../ui/availability-form.ts";

const SUMMER = {
  name: "Summer hours",
  timeZone: "Europe/Berlin",
  weekly: [{ days: ["mo", "tu"], start: "08:00", end: "13:00" }],
  overrides: [{ date: "2027-07-14", windows: [] }],
  from: "2027-06-01",
  until: "2027-08-31",
  insteadOfRkey: "usual",
};

function filledIn(change: Partial<AvailabilityForm>) {
  return availabilityFromForm({ ...newAvailability("UTC"), ...change });
}

describe("the hours form", () => {
  test("shows saved hours and gives them back unchanged", () => {
    const stored = { ...SUMMER, rkey: "k", uri: "at://x" };
    expect(availabilityFromForm(formFromAvailability(stored))).toEqual({ ok: true, value: SUMMER });
  });

  test("leaves out dates and the place of others where there are none", () => {
    const result = filledIn({});
    expect(result.ok ? Object.keys(result.value) : []).toEqual(["name", "timeZone", "weekly", "overrides"]);
  });

  test.each([
    ["", "2027-08-31"],
    ["2027-06-01", ""],
    ["2027-06-01", "2027-06-01"],
  ])("takes the dates from %j until %j", (from, until) => {
    expect(filledIn({ from, until }).ok).toBe(true);
  });

  test("says what is wrong with dates that end before they begin, and with a missing name", () => {
    const result = filledIn({ name: "  ", from: "2027-06-02", until: "2027-06-01" });
    expect(result.ok ? [] : Object.keys(result.errors)).toEqual(["name", "until"]);
  });

  test("starts a season as a copy of the usual week, in their place, without their single dates", () => {
    const usual = { ...SUMMER, rkey: "usual", uri: "at://x", name: "Working hours" };
    expect(availabilityFromForm({ ...newSeasonOf(usual), name: "Summer" })).toEqual({
      ok: true,
      value: {
        name: "Summer",
        timeZone: SUMMER.timeZone,
        weekly: SUMMER.weekly,
        overrides: [],
        insteadOfRkey: "usual",
      },
    });
  });
});
