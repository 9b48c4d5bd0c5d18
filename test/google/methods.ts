/** The methods of the Calendar API that the stand-in has. A test holds this table against Google's own. */

import { answering, silent } from "./api-call.ts";
import type { ApiMethod } from "./api-call.ts";
import { getCalendarEntry, listCalendars, watchCalendars } from "./calendar-list.ts";
import { getCalendar, insertCalendar } from "./calendars.ts";
import { stopChannel } from "./channels.ts";
import { deleteEvent, importEvent, insertEvent, patchEvent, updateEvent } from "./event-writes.ts";
import { getEvent, listEvents, watchEvents } from "./events.ts";
import { queryFreeBusy } from "./free-busy.ts";

const CALENDARS = "/users/me/calendarList";
const EVENTS = "/calendars/{calendarId}/events";
const EVENT = `${EVENTS}/{eventId}`;

const LIST_READERS = [
  "calendar",
  "calendar.calendarlist",
  "calendar.calendarlist.readonly",
  "calendar.readonly",
];
const EVENT_WRITERS = ["calendar", "calendar.app.created", "calendar.events", "calendar.events.owned"];
const EVENT_READERS = [
  ...EVENT_WRITERS,
  "calendar.events.freebusy",
  "calendar.events.owned.readonly",
  "calendar.events.public.readonly",
  "calendar.events.readonly",
  "calendar.readonly",
];

const CALENDAR_LISTING = [
  "maxResults",
  "minAccessRole",
  "pageToken",
  "showDeleted",
  "showHidden",
  "showOwnOrganizationOnly",
  "syncToken",
];
const EVENT_LISTING = [
  "alwaysIncludeEmail",
  "eventTypes",
  "iCalUID",
  "maxAttendees",
  "maxResults",
  "orderBy",
  "pageToken",
  "privateExtendedProperty",
  "q",
  "sharedExtendedProperty",
  "showDeleted",
  "showHiddenInvitations",
  "singleEvents",
  "syncToken",
  "timeMax",
  "timeMin",
  "timeZone",
  "updatedMin",
];
const SENDING = ["sendNotifications", "sendUpdates"];
const IMPORTING = ["conferenceDataVersion", "eventLabelVersion", "supportsAttachments"];
const INSERTING = [...IMPORTING, ...SENDING, "maxAttendees"];
const CHANGING = [...INSERTING, "alwaysIncludeEmail"];

export const METHODS: readonly ApiMethod[] = [
  answering(
    "CalendarList",
    {
      id: "calendar.calendarList.list",
      http: "GET",
      path: CALENDARS,
      scopes: LIST_READERS,
      parameters: CALENDAR_LISTING,
    },
    listCalendars,
  ),
  answering(
    "CalendarListEntry",
    {
      id: "calendar.calendarList.get",
      http: "GET",
      path: `${CALENDARS}/{calendarId}`,
      scopes: [...LIST_READERS, "calendar.app.created"],
      parameters: [],
    },
    getCalendarEntry,
  ),
  answering(
    "Channel",
    {
      id: "calendar.calendarList.watch",
      http: "POST",
      path: `${CALENDARS}/watch`,
      scopes: LIST_READERS,
      parameters: CALENDAR_LISTING,
    },
    watchCalendars,
  ),
  answering(
    "Calendar",
    {
      id: "calendar.calendars.insert",
      http: "POST",
      path: "/calendars",
      scopes: ["calendar", "calendar.app.created", "calendar.calendars"],
      parameters: [],
    },
    insertCalendar,
  ),
  answering(
    "Calendar",
    {
      id: "calendar.calendars.get",
      http: "GET",
      path: "/calendars/{calendarId}",
      scopes: [
        "calendar",
        "calendar.app.created",
        "calendar.calendars",
        "calendar.calendars.readonly",
        "calendar.readonly",
      ],
      parameters: [],
    },
    getCalendar,
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
  answering(
    "Events",
    {
      id: "calendar.events.list",
      http: "GET",
      path: EVENTS,
      scopes: EVENT_READERS,
      parameters: EVENT_LISTING,
    },
    listEvents,
  ),
  answering(
    "Channel",
    {
      id: "calendar.events.watch",
      http: "POST",
      path: `${EVENTS}/watch`,
      scopes: EVENT_READERS,
      parameters: EVENT_LISTING,
    },
    watchEvents,
  ),
  answering(
    "Event",
    {
      id: "calendar.events.get",
      http: "GET",
      path: EVENT,
      scopes: EVENT_READERS,
      parameters: ["alwaysIncludeEmail", "maxAttendees", "timeZone"],
    },
    getEvent,
  ),
  answering(
    "Event",
    {
      id: "calendar.events.insert",
      http: "POST",
      path: EVENTS,
      scopes: EVENT_WRITERS,
      parameters: INSERTING,
    },
    insertEvent,
  ),
  answering(
    "Event",
    {
      id: "calendar.events.import",
      http: "POST",
      path: `${EVENTS}/import`,
      scopes: EVENT_WRITERS,
      parameters: IMPORTING,
    },
    importEvent,
  ),
  answering(
    "Event",
    { id: "calendar.events.update", http: "PUT", path: EVENT, scopes: EVENT_WRITERS, parameters: CHANGING },
    updateEvent,
  ),
  answering(
    "Event",
    { id: "calendar.events.patch", http: "PATCH", path: EVENT, scopes: EVENT_WRITERS, parameters: CHANGING },
    patchEvent,
  ),
  silent(
    { id: "calendar.events.delete", http: "DELETE", path: EVENT, scopes: EVENT_WRITERS, parameters: SENDING },
    deleteEvent,
  ),
  silent(
    {
      id: "calendar.channels.stop",
      http: "POST",
      path: "/channels/stop",
      scopes: [
        ...EVENT_READERS,
        "calendar.acls",
        "calendar.acls.readonly",
        "calendar.calendarlist",
        "calendar.calendarlist.readonly",
        "calendar.settings.readonly",
      ],
      parameters: [],
    },
    stopChannel,
  ),
];
