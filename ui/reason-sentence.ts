/** Why a time is not offered, in one plain sentence, and where the host can change it. Pure. */

import type { AvailabilityJson, MeetingTypeJson, ReasonJson } from "../worker/wire.ts";
import {
  clockRange,
  clockTime,
  localDate,
  longDate,
  noticeLabel,
  shortDay,
  type HourCycle,
} from "./clock-format.ts";
import { segment } from "./router.ts";

export interface Sentence {
  readonly text: string;
  /** Ends the sentence, or follows it. */
  readonly link?: { readonly href: string; readonly label: string };
}

/** What the reasons are about. */
export interface SentenceContext {
  /** The host's local date. */
  readonly date: string;
  readonly timeZone: string;
  readonly hourCycle: HourCycle;
  readonly meetingType: Pick<MeetingTypeJson, "rkey" | "title">;
  /** All hours of the host. */
  readonly availability: readonly AvailabilityJson[];
}

/** `about`: whether the reason holds for the whole date or for single starts of it. */
export function sentenceOf(reason: ReasonJson, about: "date" | "start", context: SentenceContext): Sentence {
  const { meetingType, availability } = context;
  const edit = (label: string) => ({
    link: { href: `/meeting-types/${segment(meetingType.rkey)}`, label },
  });
  const editHours = (rkey: string) => {
    const hours = availability.find((each) => each.rkey === rkey);
    return hours && { link: { href: `/availability/${segment(rkey)}`, label: `Edit ${hours.name}` } };
  };
  switch (reason.code) {
    case "inactive":
      return { text: `“${meetingType.title}” is paused.`, ...edit("Let it be booked again") };
    case "outside_window":
      return { text: outsideText(reason.startsInside, about), ...editHours(reason.availabilityRkey) };
    case "closed_by_override": {
      const text = `Closed by your date override of ${longDate(reason.date)}.`;
      return { text, ...editHours(reason.availabilityRkey) };
    }
    case "off_grid": {
      const near = [reason.before, reason.after].flatMap((at) =>
        at === undefined ? [] : [timeOf(at, context)],
      );
      const nearest =
        near.length === 0 ? "" : `; the nearest ${near.length === 1 ? "is" : "are"} ${near.join(" and ")}`;
      return { text: `Not a start time${nearest}.`, ...edit("Change the start times") };
    }
    case "too_soon":
      if (reason.isPast) return { text: "In the past." };
      return {
        text: `Too soon: it needs ${noticeLabel(reason.minimumNoticeMinutes)} notice.`,
        ...edit("Change the notice"),
      };
    case "beyond_horizon":
      return {
        text: `Too far ahead: for now it is offered until ${longDate(reason.lastDate)}.`,
        ...edit("Change the days ahead"),
      };
    case "limit_reached":
      return { text: `Your limit of ${reason.max} a ${reason.per} is reached.`, ...edit("Change the limit") };
    case "taken":
      return { text: "Already taken." };
    case "busy":
      return { text: `Your calendar is busy ${rangeOf(reason, context)}.` };
    case "held":
      return { text: `Held until ${timeOf(reason.expiresAt, context)} for somebody who is booking it.` };
    case "booked":
      return { text: "Taken by", link: bookingLink(reason.uid, reason.start, context) };
    case "buffer": {
      if (reason.uid !== undefined)
        return { text: "Within the buffer around", link: bookingLink(reason.uid, reason.start, context) };
      const what = { busy: "a busy time in your calendar", booked: "a booking", held: "a held time" }[
        reason.of
      ];
      return { text: `Within the buffer around ${what}, ${rangeOf(reason, context)}.` };
    }
  }
}

function outsideText(startsInside: boolean, about: "date" | "start"): string {
  if (about === "date") return "You have no hours on this date.";
  return startsInside ? "Too long for what is left of your hours." : "Outside of your hours.";
}

function bookingLink(uid: string, start: string, context: SentenceContext) {
  return { href: `/bookings/${segment(uid)}`, label: `the booking at ${timeOf(start, context)}` };
}

/** `12:00`, with its day when that is not the date in question. */
function timeOf(instant: string, { date, timeZone, hourCycle }: SentenceContext): string {
  const at = Date.parse(instant);
  const time = clockTime(at, timeZone, hourCycle);
  return localDate(at, timeZone) === date ? time : `${time} on ${shortDay(at, timeZone)}`;
}

function rangeOf(
  { start, end }: { start: string; end: string },
  { date, timeZone, hourCycle }: SentenceContext,
): string {
  const startAt = Date.parse(start);
  const range = clockRange(startAt, Date.parse(end), timeZone, hourCycle);
  return localDate(startAt, timeZone) === date ? range : `${shortDay(startAt, timeZone)}, ${range}`;
}
