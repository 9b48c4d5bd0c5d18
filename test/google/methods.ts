/** The methods of the Calendar API that the stand-in has. A test holds this table against Google's own. */

import { answering } from "./api-call.ts";
import type { ApiMethod } from "./api-call.ts";
import { getCalendarEntry, listCalendars } from "./calendar-list.ts";
import { queryFreeBusy } from "./free-busy.ts";

const LIST_READERS = [
  "calendar",
  "calendar.calendarlist",
  "calendar.calendarlist.readonly",
  "calendar.readonly",
];

export const METHODS: readonly ApiMethod[] = [
  answering(
    "CalendarList",
    {
      id: "calendar.calendarList.list",
      http: "GET",
      path: "/users/me/calendarList",
      scopes: LIST_READERS,
      parameters: [
        "maxResults",
        "minAccessRole",
        "pageToken",
        "showDeleted",
        "showHidden",
        "showOwnOrganizationOnly",
        "syncToken",
      ],
    },
    listCalendars,
  ),
  answering(
    "CalendarListEntry",
    {
      id: "calendar.calendarList.get",
      http: "GET",
      path: "/users/me/calendarList/{calendarId}",
      scopes: [...LIST_READERS, "calendar.app.created"],
      parameters: [],
    },
    getCalendarEntry,
  ),
  answering(
    "FreeBusyResponse",
    {
      id: "calendar.freebusy.query",
      http: "POST",
      path: "/freeBusy",
      scopes: ["calendar", "calendar.events.freebusy", "calendar.freebusy", "calendar.readonly"],
      parameters: [],
    },
    queryFreeBusy,
  ),
];

/** Parameters that every method takes. */
export const STANDARD_PARAMETERS: readonly string[] = [
  "alt",
  "fields",
  "key",
  "oauth_token",
  "prettyPrint",
  "quotaUser",
  "userIp",
];

/** The method a request means, and what its path says. */
export function methodFor(
  http: string,
  path: string,
): { readonly method: ApiMethod; readonly path: Record<string, string> } | undefined {
  const asked = path.split("/");
  for (const method of METHODS) {
    if (method.http !== http) continue;
    const pattern = method.path.split("/");
    if (pattern.length !== asked.length) continue;
    const values: Record<string, string> = {};
    const fits = pattern.every((part, at) => {
      const text = asked[at] ?? "";
      if (!part.startsWith("{")) return part === text;
      values[part.slice(1, -1)] = decoded(text);
      return text !== "";
    });
    if (fits) return { method, path: values };
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
