/** `social.schedule.meetingType` records to checked MeetingTypes and back. No I/O; what it returns holds every bound. */

import { toDatetimeString } from "@atproto/syntax";

import { $build, $safeParse, link, text } from "../../lexicons/generated/social/schedule/meetingType.defs.js";
import type { Main } from "../../lexicons/generated/social/schedule/meetingType.defs.js";
import type { BookableBy, MeetingLocation, MeetingType } from "../../scheduling/meeting-type.ts";
import { COLLECTIONS, recordUri, rkeyWithin } from "./record-address.ts";
import { checkLexicon, invalid } from "./record-lexicon.ts";
import type { Checked } from "./record-lexicon.ts";
import { plainLine, plainParagraphs } from "./record-text.ts";

/** What a host fills in. Absent optional fields take the lexicon's defaults. */
export type MeetingTypeDraft = Pick<MeetingType, "title" | "availabilityRkey" | "durationMinutes"> &
  Partial<Omit<MeetingType, "rkey">>;

const BOOKABLE_BY: readonly BookableBy[] = ["anyone", "followers", "following", "mutuals"];

/** What a page may turn into a link: no scheme that runs or reads something in the viewer's browser. */
const LINK_PROTOCOLS: readonly string[] = ["https:", "http:", "tel:", "sip:"];

/** A record as found in the repository of `did`. Never throws. */
export function parseMeetingTypeRecord(did: string, rkey: string, value: unknown): Checked<MeetingType> {
  const checked = checkLexicon($safeParse, value);
  if (!checked.ok) {
    return checked;
  }
  const record = checked.value;
  const title = plainLine(record.title);
  if (title === "") {
    return invalid('"title" has no visible text.');
  }
  const availabilityRkey = rkeyWithin(record.availability, did, COLLECTIONS.availability);
  if (availabilityRkey === undefined) {
    return invalid(
      `"availability" must be a ${COLLECTIONS.availability} record of the same repository, such as "${recordUri(did, COLLECTIONS.availability, "…")}".`,
    );
  }
  // Offering a meeting to more people than its host meant would be worse than not offering it.
  const bookableBy = BOOKABLE_BY.find((known) => known === (record.bookableBy ?? "anyone"));
  if (bookableBy === undefined) {
    return invalid(`"bookableBy" must be among ${BOOKABLE_BY.join(", ")}.`);
  }
  const location = parseLocation(record.location);
  if (!location.ok) {
    return location;
  }
  const description = plainParagraphs(record.description ?? "");
  const { durationMinutes } = record;
  const moreDurations = [...new Set(record.moreDurations)].filter((minutes) => minutes !== durationMinutes);
  return {
    ok: true,
    value: {
      rkey,
      title,
      ...(description !== "" && { description }),
      availabilityRkey,
      durationMinutes,
      ...(moreDurations.length > 0 && { moreDurations }),
      ...(record.slotIntervalMinutes !== undefined && { slotIntervalMinutes: record.slotIntervalMinutes }),
      // The lexicon's defaults were filled in by its validator; its types cannot say so.
      bufferBeforeMinutes: record.bufferBeforeMinutes ?? 0,
      bufferAfterMinutes: record.bufferAfterMinutes ?? 0,
      minimumNoticeMinutes: record.minimumNoticeMinutes ?? 0,
      horizonDays: record.horizonDays ?? 60,
      ...(record.maxPerDay !== undefined && { maxPerDay: record.maxPerDay }),
      ...(record.maxPerWeek !== undefined && { maxPerWeek: record.maxPerWeek }),
      ...(location.value !== undefined && { location: location.value }),
      // A kind of approval that we do not know still means that somebody has to approve.
      approval: record.approval === "automatic" ? "automatic" : "manual",
      bookableBy,
      active: record.active ?? true,
    },
  };
}

/** The record to write into the repository of `did`, checked exactly as a reader will check it. `createdAt` is epoch ms. */
export function meetingTypeRecord(did: string, draft: MeetingTypeDraft, createdAt: number): Checked<Main> {
  const description = plainParagraphs(draft.description ?? "");
  const record = $build({
    title: plainLine(draft.title),
    ...(description !== "" && { description }),
    availability: recordUri(did, COLLECTIONS.availability, draft.availabilityRkey),
    durationMinutes: draft.durationMinutes,
    ...(draft.moreDurations !== undefined && { moreDurations: [...draft.moreDurations] }),
    ...writtenOptions(draft),
    ...(draft.location !== undefined && { location: writtenLocation(draft.location) }),
    createdAt: toDatetimeString(new Date(createdAt)),
  });
  const checked = parseMeetingTypeRecord(did, "", record);
  return checked.ok ? { ok: true, value: record } : checked;
}

/** Named one by one: a record is public, so nothing gets into it by being in the way. */
const OPTIONS = [
  ...(["slotIntervalMinutes", "bufferBeforeMinutes", "bufferAfterMinutes", "minimumNoticeMinutes"] as const),
  ...(["horizonDays", "maxPerDay", "maxPerWeek", "approval", "bookableBy", "active"] as const),
];

function writtenOptions(draft: MeetingTypeDraft): Pick<MeetingTypeDraft, (typeof OPTIONS)[number]> {
  return Object.fromEntries(
    OPTIONS.filter((option) => draft[option] !== undefined).map((option) => [option, draft[option]]),
  );
}

/** The union is open: a location of another kind is not an error, we only have nothing to show for it. */
function parseLocation(written: Main["location"]): Checked<MeetingLocation | undefined> {
  if (written === undefined) {
    return { ok: true, value: undefined };
  }
  if (link.$matches(written)) {
    const url = URL.parse(written.uri);
    const isPlain = plainLine(written.uri) === written.uri;
    return isPlain && url !== null && LINK_PROTOCOLS.includes(url.protocol)
      ? { ok: true, value: { kind: "link", uri: written.uri } }
      : invalid('"location.uri" must be an https, http, tel or sip address.');
  }
  if (text.$matches(written)) {
    const place = plainLine(written.text);
    return place === ""
      ? invalid('"location.text" has no visible text.')
      : { ok: true, value: { kind: "text", text: place } };
  }
  return { ok: true, value: undefined };
}

function writtenLocation(location: MeetingLocation): NonNullable<Main["location"]> {
  return location.kind === "link"
    ? link.$build({ uri: location.uri as `${string}:${string}` })
    : text.$build({ text: plainLine(location.text) });
}
