/** A meeting type as its form holds it (numbers are what was typed) and back. Pure; the worker judges the result again. */

import type { MeetingTypeInput, MeetingTypeJson } from "../worker/wire.ts";
import { durationsFromText, textFromDurations } from "./duration-list.ts";
import { safeHref } from "./safe-href.ts";

export interface MeetingTypeForm {
  readonly title: string;
  readonly description: string;
  readonly durationMinutes: string;
  /** Minutes with commas between. */
  readonly moreDurations: string;
  readonly slotIntervalMinutes: string;
  readonly bufferBeforeMinutes: string;
  readonly bufferAfterMinutes: string;
  readonly minimumNoticeMinutes: string;
  readonly horizonDays: string;
  readonly maxPerDay: string;
  readonly maxPerWeek: string;
  /** A link when it begins with http(s)://, otherwise words such as a phone number or an address. */
  readonly location: string;
  readonly approval: "manual" | "automatic";
  readonly bookableBy: "anyone" | "followers" | "following" | "mutuals";
  readonly active: boolean;
}

export type FieldErrors = Partial<Record<keyof MeetingTypeForm, string>>;

export const NEW_MEETING_TYPE: MeetingTypeForm = {
  title: "",
  description: "",
  durationMinutes: "30",
  moreDurations: "",
  slotIntervalMinutes: "",
  bufferBeforeMinutes: "0",
  bufferAfterMinutes: "0",
  minimumNoticeMinutes: "240",
  horizonDays: "60",
  maxPerDay: "",
  maxPerWeek: "",
  location: "",
  approval: "manual",
  bookableBy: "anyone",
  active: true,
};

export function formFromMeetingType(meetingType: MeetingTypeJson): MeetingTypeForm {
  const { location } = meetingType;
  return {
    title: meetingType.title,
    description: meetingType.description ?? "",
    durationMinutes: String(meetingType.durationMinutes),
    moreDurations: textFromDurations(meetingType.moreDurations ?? []),
    slotIntervalMinutes: textOf(meetingType.slotIntervalMinutes),
    bufferBeforeMinutes: String(meetingType.bufferBeforeMinutes),
    bufferAfterMinutes: String(meetingType.bufferAfterMinutes),
    minimumNoticeMinutes: String(meetingType.minimumNoticeMinutes),
    horizonDays: String(meetingType.horizonDays),
    maxPerDay: textOf(meetingType.maxPerDay),
    maxPerWeek: textOf(meetingType.maxPerWeek),
    location: location === undefined ? "" : location.kind === "link" ? location.uri : location.text,
    approval: meetingType.approval,
    bookableBy: meetingType.bookableBy,
    active: meetingType.active,
  };
}

/** What POST and PUT take, without the availability; or what is wrong, field by field. */
export function meetingTypeFromForm(
  form: MeetingTypeForm,
): { ok: true; value: Omit<MeetingTypeInput, "availabilityRkey"> } | { ok: false; errors: FieldErrors } {
  const errors: FieldErrors = {};
  const number = (field: keyof MeetingTypeForm, min: number, max: number): number => {
    const typed = String(form[field]).trim();
    const value = /^\d{1,7}$/.test(typed) ? Number(typed) : Number.NaN;
    if (value >= min && value <= max) return value;
    errors[field] = `Enter a whole number from ${min} to ${max}.`;
    return min;
  };
  const optional = (field: keyof MeetingTypeForm, min: number, max: number): number | undefined =>
    String(form[field]).trim() === "" ? undefined : number(field, min, max);

  const title = form.title.trim();
  if (title === "") errors.title = "Give it a name, such as “Intro call”.";
  const durationMinutes = number("durationMinutes", 5, 1440);
  const more = durationsFromText(form.moreDurations, durationMinutes);
  if (!more.ok) errors.moreDurations = more.error;
  const slotIntervalMinutes = optional("slotIntervalMinutes", 5, 1440);
  const maxPerDay = optional("maxPerDay", 1, 1000);
  const maxPerWeek = optional("maxPerWeek", 1, 1000);
  const description = form.description.trim();
  const location = locationOf(form.location);
  const value: Omit<MeetingTypeInput, "availabilityRkey"> = {
    title,
    ...(description === "" ? {} : { description }),
    durationMinutes,
    ...(more.ok && more.value.length > 0 ? { moreDurations: more.value } : {}),
    ...(slotIntervalMinutes === undefined ? {} : { slotIntervalMinutes }),
    bufferBeforeMinutes: number("bufferBeforeMinutes", 0, 1440),
    bufferAfterMinutes: number("bufferAfterMinutes", 0, 1440),
    minimumNoticeMinutes: number("minimumNoticeMinutes", 0, 525_600),
    horizonDays: number("horizonDays", 1, 3650),
    ...(maxPerDay === undefined ? {} : { maxPerDay }),
    ...(maxPerWeek === undefined ? {} : { maxPerWeek }),
    ...(location === undefined ? {} : { location }),
    approval: form.approval,
    bookableBy: form.bookableBy,
    active: form.active,
  };
  return Object.keys(errors).length === 0 ? { ok: true, value } : { ok: false, errors };
}

function textOf(value: number | undefined): string {
  return value === undefined ? "" : String(value);
}

function locationOf(typed: string): MeetingTypeInput["location"] {
  const text = typed.trim();
  if (text === "") return undefined;
  return /^https?:\/\//i.test(text) && safeHref(text) ? { kind: "link", uri: text } : { kind: "text", text };
}
