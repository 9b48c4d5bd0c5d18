/** The scopes of the Calendar API. */

export const SCOPE_PREFIX = "https://www.googleapis.com/auth/";

/** By short name, with the words the consent page shows. */
export const SCOPES: Readonly<Record<string, string>> = {
  calendar: "See, edit, share and delete all your calendars",
  "calendar.acls": "See and change who your calendars are shared with",
  "calendar.acls.readonly": "See who your calendars are shared with",
  "calendar.app.created": "Make calendars, and see and change the events on those",
  "calendar.calendarlist": "See, add and remove calendars you are subscribed to",
  "calendar.calendarlist.readonly": "See the list of calendars you are subscribed to",
  "calendar.calendars": "See and change calendars, and make new ones",
  "calendar.calendars.readonly": "See the titles and time zones of calendars",
  "calendar.events": "See and edit events on all your calendars",
  "calendar.events.freebusy": "See the availability on calendars you have access to",
  "calendar.events.owned": "See, create, change and delete events on calendars you own",
  "calendar.events.owned.readonly": "See the events on calendars you own",
  "calendar.events.public.readonly": "See the events on public calendars",
  "calendar.events.readonly": "See events on all your calendars",
  "calendar.freebusy": "See your availability in your calendars",
  "calendar.readonly": "See any calendar you have access to",
  "calendar.settings.readonly": "See your settings of Google Calendar",
};

/** The short name, or undefined where there is no such scope. */
export function shortScope(scope: string): string | undefined {
  const short = scope.startsWith(SCOPE_PREFIX) ? scope.slice(SCOPE_PREFIX.length) : undefined;
  return short !== undefined && Object.hasOwn(SCOPES, short) ? short : undefined;
}

export function fullScope(short: string): string {
  return SCOPE_PREFIX + short;
}
