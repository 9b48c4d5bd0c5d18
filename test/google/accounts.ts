/** Who has which calendars, and what they may do with them. */

import { tellWatchers } from "./channels.ts";
import { notFound, refusal } from "./errors.ts";
import { ACCESS_ROLES, nextRevision } from "./state.ts";
import type { AccessRole, Account, Calendar, Listing, State } from "./state.ts";

/** Who makes a call. */
export interface Caller {
  readonly email: string;
  readonly clientId: string;
  /** Short names. */
  readonly scopes: ReadonlySet<string>;
}

/** What a caller has of a calendar. */
export interface CalendarAccess {
  readonly calendar: Calendar;
  readonly role: AccessRole;
}

/** Makes an account with its primary calendar, whose id is the address. */
export function addAccount(state: State, account: Account, timeZone: string): void {
  state.accounts.set(account.email, account);
  state.listings.set(account.email, new Map());
  addCalendar(state, {
    id: account.email,
    summary: account.email,
    timeZone,
    owner: account.email,
    isPrimary: true,
    isPublic: false,
  });
}

/** Makes a calendar without events; its owner has it in the list at once. */
export function addCalendar(state: State, calendar: Calendar): void {
  state.calendars.set(calendar.id, calendar);
  state.events.set(calendar.id, new Map());
  if (calendar.owner !== undefined) list(state, calendar.owner, { calendarId: calendar.id });
}

/** Puts a calendar on an account's list, or changes how it is there. */
export function list(
  state: State,
  email: string,
  entry: Partial<Listing> & { readonly calendarId: string },
): void {
  const listings = state.listings.get(email);
  if (listings === undefined || !state.calendars.has(entry.calendarId)) {
    throw new Error("There is no such account or calendar; seed it first.");
  }
  const before = listings.get(entry.calendarId) ?? {
    accessRole: "owner",
    isHidden: false,
    isSelected: true,
    isDeleted: false,
  };
  listings.set(entry.calendarId, { ...before, ...entry, revision: nextRevision(state) });
  tellWatchers(state, { listOf: email });
}

/** `primary` is the caller's own calendar. */
export function resolveCalendarId(caller: Caller, calendarId: string): string {
  return calendarId === "primary" ? caller.email : calendarId;
}

/** What an account may do with a calendar; undefined: it does not even see that there is one. */
export function roleOf(state: State, email: string, calendar: Calendar): AccessRole | undefined {
  const listed = state.listings.get(email)?.get(calendar.id);
  if (listed !== undefined) return listed.accessRole;
  return calendar.isPublic ? "reader" : undefined;
}

export function hasAtLeast(role: AccessRole, least: AccessRole): boolean {
  return ACCESS_ROLES.indexOf(role) >= ACCESS_ROLES.indexOf(least);
}

/**
 * The calendar a call names.
 * @throws Refused 404 where the caller may not know of it, 403 where a higher role is needed
 */
export function accessTo(
  state: State,
  caller: Caller,
  calendarId: string,
  least: AccessRole = "freeBusyReader",
): CalendarAccess {
  const calendar = state.calendars.get(resolveCalendarId(caller, calendarId));
  const role = calendar === undefined ? undefined : roleOf(state, caller.email, calendar);
  if (calendar === undefined || role === undefined) throw notFound();
  if (!hasAtLeast(role, least)) {
    throw refusal(403, "requiredAccessLevel", `You need to have ${least} access to this calendar.`, {
      domain: "calendar",
    });
  }
  return { calendar, role };
}
