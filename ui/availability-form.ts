/** An availability as its form holds it and back. Pure; the worker judges the result again. */

import type { AvailabilityInput, AvailabilityJson } from "../worker/wire.ts";
import { DEFAULT_HOURS, hoursFromWeekly, weeklyFromHours, type WeeklyHours } from "./weekly-hours.ts";

export interface AvailabilityForm {
  readonly name: string;
  readonly timeZone: string;
  readonly hours: WeeklyHours;
  readonly overrides: NonNullable<AvailabilityInput["overrides"]>;
  /** First and last date, empty for no end on that side. */
  readonly from: string;
  readonly until: string;
  /** Empty: in nobody's place. */
  readonly insteadOfRkey: string;
}

export type AvailabilityErrors = Partial<Record<"name" | "until", string>>;

export function newAvailability(timeZone: string): AvailabilityForm {
  return {
    name: "Working hours",
    timeZone,
    hours: DEFAULT_HOURS,
    overrides: [],
    from: "",
    until: "",
    insteadOfRkey: "",
  };
}

/** Hours to be changed for a season: those they will take the place of, without a name yet. */
export function newSeasonOf({ rkey, timeZone, weekly }: AvailabilityJson): AvailabilityForm {
  const hours = hoursFromWeekly(weekly);
  return { ...newAvailability(timeZone), name: "", hours, insteadOfRkey: rkey };
}

export function formFromAvailability(availability: AvailabilityJson): AvailabilityForm {
  const { name, timeZone, weekly, overrides, from = "", until = "", insteadOfRkey = "" } = availability;
  return { name, timeZone, hours: hoursFromWeekly(weekly), overrides, from, until, insteadOfRkey };
}

/** What POST and PUT take, or what is wrong, field by field. */
export function availabilityFromForm(
  form: AvailabilityForm,
): { ok: true; value: AvailabilityInput } | { ok: false; errors: AvailabilityErrors } {
  const { timeZone, hours, overrides, from, until, insteadOfRkey } = form;
  const errors: AvailabilityErrors = {};
  const name = form.name.trim();
  if (name === "") errors.name = "Give these hours a name.";
  if (from !== "" && until !== "" && until < from) errors.until = "Choose the first date or a later one.";
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const value: AvailabilityInput = {
    name,
    timeZone,
    weekly: weeklyFromHours(hours),
    overrides,
    ...(from === "" ? {} : { from }),
    ...(until === "" ? {} : { until }),
    ...(insteadOfRkey === "" ? {} : { insteadOfRkey }),
  };
  return { ok: true, value };
}
