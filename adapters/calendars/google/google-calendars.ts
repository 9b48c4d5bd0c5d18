/** The calendars on somebody's list at Google. */

import * as z from "zod/mini";
import { plainLine } from "../../atproto/record-text.ts";
import type { Access, CalendarsAnswer, FoundCalendar, SourceSettings } from "../source.ts";
import { canWrite } from "./google-access.ts";
import { withGoogle } from "./google-account.ts";

/** The most that Google puts on a page. */
const PAGE_SIZE = 250;

/** Nobody chooses among more than a thousand calendars, and a list that never ends must. */
const MAX_PAGES = 4;

const MAX_NAME_LENGTH = 200;

const CalendarListPage = z.object({
  items: z.optional(
    z.array(
      z.object({
        id: z.string().check(z.minLength(1), z.maxLength(1_024)),
        summary: z.optional(z.string()),
        /** What this person calls it. */
        summaryOverride: z.optional(z.string()),
        accessRole: z.optional(z.string()),
        primary: z.optional(z.boolean()),
        deleted: z.optional(z.boolean()),
      }),
    ),
  ),
  nextPageToken: z.optional(z.string()),
});

type ListedCalendar = NonNullable<z.infer<typeof CalendarListPage>["items"]>[number];

/** By calendarList.list; calendars that the host has hidden from the list are not in it. `now` in epoch ms. */
export function findGoogleCalendars(
  access: Access,
  settings: SourceSettings,
  now: number,
): Promise<CalendarsAnswer> {
  return withGoogle({ access, settings, now }, async (call) => {
    const calendars: FoundCalendar[] = [];
    let pageToken: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await call(
        {
          method: "GET",
          path: "/users/me/calendarList",
          query: {
            maxResults: `${PAGE_SIZE}`,
            ...(pageToken !== undefined && { pageToken }),
          },
        },
        CalendarListPage,
      );
      if (answer.kind === "failed") {
        return answer;
      }
      const listed = (answer.body.items ?? []).filter(({ deleted }) => deleted !== true);
      calendars.push(...listed.map((calendar) => foundCalendar(calendar, canWrite(access))));
      pageToken = answer.body.nextPageToken;
      if (pageToken === undefined) {
        break;
      }
    }
    return { kind: "found", calendars };
  });
}

function foundCalendar(calendar: ListedCalendar, mayWrite: boolean): FoundCalendar {
  const { id, summary, summaryOverride, accessRole, primary } = calendar;
  const isOwner = accessRole === "owner";
  // Holidays, birthdays and sports are calendars of Google's own, under one name.
  const isGoogles = id.endsWith("@group.v.calendar.google.com");
  return {
    ref: id,
    name: nameOf(summaryOverride) ?? nameOf(summary) ?? cut(id),
    isOwn: primary === true || (isOwner && !isGoogles),
    // The scope is for calendars that one owns; being allowed to write into somebody else's is not enough.
    isWritable: mayWrite && isOwner && !isGoogles,
  };
}

function nameOf(summary: string | undefined): string | undefined {
  const name = cut(plainLine(summary ?? ""));
  return name === "" ? undefined : name;
}

function cut(text: string): string {
  return text.slice(0, MAX_NAME_LENGTH).toWellFormed();
}
