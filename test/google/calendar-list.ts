/** `users/me/calendarList`: the calendars an account has on its list. */

import { createHash } from "node:crypto";
import type { calendar_v3 } from "@googleapis/calendar";
import { hasAtLeast, resolveCalendarId } from "./accounts.ts";
import { openChannel } from "./channels.ts";
import { invalidParameter, notFound } from "./errors.ts";
import { flag, pageOf, syncedRevision } from "./paging.ts";
import { ACCESS_ROLES } from "./state.ts";
import type { ApiCall } from "./api-call.ts";
import type { Calendar, Listing, State } from "./state.ts";

export function listCalendars({ state, caller, query }: ApiCall): calendar_v3.Schema$CalendarList {
  const resource = `list of ${caller.email}`;
  const since = syncedRevision(state, query, resource, ["minAccessRole", "showOwnOrganizationOnly"]);
  const least = ACCESS_ROLES.find((role) => role === query.get("minAccessRole"));
  if (query.has("minAccessRole") && least === undefined) throw invalidParameter("minAccessRole");
  const showsHidden = flag(query, "showHidden") ?? since !== undefined;
  const showsDeleted = flag(query, "showDeleted") ?? since !== undefined;
  if (since !== undefined && !(showsHidden && showsDeleted)) throw invalidParameter("syncToken");

  const entries = [...(state.listings.get(caller.email)?.values() ?? [])]
    .filter((entry) => since === undefined || entry.revision > since)
    .filter((entry) => (showsDeleted || !entry.isDeleted) && (showsHidden || !entry.isHidden))
    .filter((entry) => least === undefined || hasAtLeast(entry.accessRole, least))
    .flatMap((entry) => showEntry(state, entry));
  const { items, tokens } = pageOf(state, entries, query, { resource, usual: 100, most: 250, syncs: true });
  return { kind: "calendar#calendarList", etag: etagOf(resource, state.revision), ...tokens, items };
}

export function getCalendarEntry({ state, caller, path }: ApiCall): calendar_v3.Schema$CalendarListEntry {
  const calendarId = resolveCalendarId(caller, path["calendarId"] ?? "");
  const entry = state.listings.get(caller.email)?.get(calendarId);
  const [shown] = entry === undefined || entry.isDeleted ? [] : showEntry(state, entry);
  if (shown === undefined) throw notFound();
  return shown;
}

export function watchCalendars(call: ApiCall): calendar_v3.Schema$Channel {
  return openChannel(call, { listOf: call.caller.email }, "/users/me/calendarList");
}

function showEntry(state: State, entry: Listing): calendar_v3.Schema$CalendarListEntry[] {
  const calendar = state.calendars.get(entry.calendarId);
  if (calendar === undefined) return [];
  const etag = etagOf(calendar.id, entry.revision);
  if (entry.isDeleted) return [{ kind: "calendar#calendarListEntry", etag, id: calendar.id, deleted: true }];
  return [
    {
      kind: "calendar#calendarListEntry",
      etag,
      id: calendar.id,
      summary: calendar.summary,
      ...(calendar.description === undefined ? {} : { description: calendar.description }),
      timeZone: calendar.timeZone,
      ...(entry.summaryOverride === undefined ? {} : { summaryOverride: entry.summaryOverride }),
      ...ownerOf(calendar),
      colorId: "14",
      backgroundColor: "#9fe1e7",
      foregroundColor: "#000000",
      ...(entry.isHidden ? { hidden: true } : {}),
      ...(entry.isSelected ? { selected: true } : {}),
      accessRole: entry.accessRole,
      defaultReminders: calendar.isPrimary ? [{ method: "popup", minutes: 10 }] : [],
      ...(calendar.isPrimary ? { primary: true } : {}),
      conferenceProperties: { allowedConferenceSolutionTypes: ["hangoutsMeet"] },
    },
  ];
}

/** Of secondary calendars only. */
function ownerOf(calendar: Calendar): { dataOwner?: string } {
  return calendar.isPrimary || calendar.owner === undefined ? {} : { dataOwner: calendar.owner };
}

export function etagOf(...parts: readonly (string | number)[]): string {
  const digest = createHash("sha256").update(parts.join("\n")).digest("base64url");
  return `"${digest.slice(0, 22)}"`;
}
