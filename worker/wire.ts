/** The JSON that crosses HTTP. Types only, so that the UI may import them without importing the worker. Instants are RFC 3339. */

import type { EmailJson, WebhookJson } from "./messages-wire.ts";

export interface PartyJson {
  did: string;
  handle: string;
}

export interface ErrorJson {
  /** UpperCamelName. */
  error: string;
  /** A sentence that says what to do. */
  message: string;
}

/** `GET /api/auth/session`. */
export interface SessionJson {
  account: {
    did: string;
    handle: string;
    /** Whether the OAuth session may write our three collections. */
    canPublish: boolean;
  } | null;
}

/**
 * `POST /api/auth/login`; `purpose: "publish"` asks for the repo scopes as well, `purpose: "email"` for the account's address. Answer: `{url}`
 * to go to.
 */
export interface LoginInput {
  actor: string;
  purpose?: "book" | "publish" | "email";
  /** A path on this origin. */
  returnTo?: string;
}

export type LocationJson = { kind: "link"; uri: string } | { kind: "text"; text: string };

export interface WindowJson {
  /** `HH:MM`, local. */
  start: string;
  /** `HH:MM` or `24:00`; at or before `start` means the next date. */
  end: string;
}

/** Body of POST/PUT `/api/availability`. */
export interface AvailabilityInput {
  name: string;
  timeZone: string;
  weekly: ({ days: string[] } & WindowJson)[];
  overrides?: { date: string; windows: WindowJson[] }[];
  /** First and last local date (`YYYY-MM-DD`) on which it holds; absent: no end on that side. */
  from?: string;
  until?: string;
  /** Record key of the availability in whose place this one holds on its dates, as summer hours do. */
  insteadOfRkey?: string;
}

export interface AvailabilityJson extends AvailabilityInput {
  rkey: string;
  uri: string;
  overrides: { date: string; windows: WindowJson[] }[];
}

/** Body of POST/PUT `/api/meeting-types`. Absent optional fields take the lexicon's defaults. */
export interface MeetingTypeInput {
  title: string;
  description?: string;
  /** Record key of an availability of the same host. */
  availabilityRkey: string;
  durationMinutes: number;
  /** Other lengths that the booker may pick, minutes. */
  moreDurations?: number[];
  /** Absent: the duration that is picked. */
  slotIntervalMinutes?: number;
  bufferBeforeMinutes?: number;
  bufferAfterMinutes?: number;
  minimumNoticeMinutes?: number;
  horizonDays?: number;
  maxPerDay?: number;
  maxPerWeek?: number;
  location?: LocationJson;
  approval?: "manual" | "automatic";
  bookableBy?: "anyone" | "followers" | "following" | "mutuals";
  active?: boolean;
}

/** A meeting type with its defaults filled in, and the zone of its availability. */
export interface MeetingTypeJson extends MeetingTypeInput {
  rkey: string;
  uri: string;
  bufferBeforeMinutes: number;
  bufferAfterMinutes: number;
  minimumNoticeMinutes: number;
  horizonDays: number;
  approval: "manual" | "automatic";
  bookableBy: "anyone" | "followers" | "following" | "mutuals";
  active: boolean;
  timeZone: string;
}

/** A record that was left out, and why. Shown to its host only. */
export interface InvalidRecordJson {
  uri: string;
  reason: string;
}

/** `GET /api/availability` → AvailabilityListJson. POST → 201 `{availability, meetingType?}`: with `meetingType` (without its `availabilityRkey`) both are written in one commit. */
export interface AvailabilityListJson {
  availability: AvailabilityJson[];
  invalid: InvalidRecordJson[];
}

/** `GET /api/meeting-types`. */
export interface MeetingTypeListJson {
  meetingTypes: MeetingTypeJson[];
  invalid: InvalidRecordJson[];
}

/** `GET /api/hosts/:actor`: active meeting types only. */
export interface HostJson {
  did: string;
  handle: string;
  displayName?: string;
  meetingTypes: MeetingTypeJson[];
}

/** `GET /api/hosts/:actor/slots?meetingType=&durationMinutes=&from=&to=`. */
export interface SlotsJson {
  timeZone: string;
  /** The one asked for, or the meeting type's own. */
  durationMinutes: number;
  slots: { start: string; end: string }[];
}

/** Why a start is not offered; the codes of the rules. `taken` is all that anybody but the host learns of busy, booked, held and buffer. */
export type ReasonJson =
  | { code: "inactive" | "taken" }
  /** `startsInside`: it starts in a window and would run out of it. `availabilityRkey`: the hours that hold on its date. */
  | { code: "outside_window"; startsInside: boolean; availabilityRkey: string }
  /** It would be open but for the override of that local date, which `availabilityRkey` has. */
  | { code: "closed_by_override"; date: string; availabilityRkey: string }
  /** The nearest starts of the grid around it, if any. */
  | { code: "off_grid"; before?: string; after?: string }
  | { code: "too_soon"; minimumNoticeMinutes: number; isPast: boolean }
  /** `lastDate`: the last local date that is offered now. */
  | { code: "beyond_horizon"; horizonDays: number; lastDate: string }
  | { code: "busy"; start: string; end: string }
  | { code: "booked"; uid: string; start: string; end: string }
  | { code: "held"; start: string; end: string; expiresAt: string }
  /** It keeps no distance to what lies beside it. `uid` where that is a booking. */
  | { code: "buffer"; of: "busy" | "booked" | "held"; uid?: string; start: string; end: string }
  | { code: "limit_reached"; per: "day" | "week"; max: number };

/** `GET /api/hosts/:actor/explanation?meetingType=&durationMinutes=` with `&date=` (a local date of the host) or `&at=` (an instant). */
export interface ExplanationJson {
  timeZone: string;
  durationMinutes: number;
  /** The hours that hold on the date: those of the meeting type, or a season in their place. */
  availabilityRkey: string;
  /** What holds for the whole date: the meeting type is paused, or no window starts or runs on it. Empty for an instant. */
  reasons: ReasonJson[];
  /** Every start of the grid on that date, or the one instant asked for. Without reasons: it is offered. */
  starts: { start: string; end: string; reasons: ReasonJson[] }[];
}

/** Body of `POST /api/holds`; answer 201 HoldJson. A booker has at most two holds of a host: a third lets go of the oldest. */
export interface HoldInput {
  host: string;
  meetingType: string;
  start: string;
  durationMinutes?: number;
  /** Made by the caller; a repeat gets the first answer again. */
  requestId: string;
}

/** `DELETE /api/holds/:id?host=<did>` → 204, also when it is gone already. */
export interface HoldJson {
  hold: { id: string; expiresAt: string };
}

/** Body of `POST /api/bookings`; answer 201 `{booking}`. */
export interface BookingInput {
  host: string;
  meetingType: string;
  start: string;
  /** One of the meeting type's durations; absent: its own `durationMinutes`. */
  durationMinutes?: number;
  note?: string;
  email?: string;
  /** IANA zone in which the booker reads times; what they are mailed is in it, where their settings name none. */
  timeZone?: string;
  /** Made by the caller; a repeat to the same host gets the first answer again. Hosts' authorities do not know each other. */
  requestId: string;
  /** The hold this consumes. One that ran out does no harm while the slot is free; else 410 `HoldExpired`. */
  holdId?: string;
}

/** Body of `POST /api/bookings/:uid/reschedule`, by either side; answer 200 `{booking}`. The length stays what it is. */
export interface RescheduleInput {
  start: string;
  requestId: string;
}

export interface BookingJson {
  uid: string;
  sequence: number;
  status: "pending" | "confirmed" | "declined" | "cancelled" | "expired";
  host: PartyJson;
  booker: PartyJson;
  meetingType: { rkey: string; title: string };
  start: string;
  end: string;
  /** The host's zone. */
  timeZone: string;
  note?: string;
  email?: string;
  location?: LocationJson;
  createdAt: string;
  /** Until when the host can answer a pending request. */
  expiresAt?: string;
  confirmedAt?: string;
  /** When it was last moved, by whom, and from where. */
  rescheduledAt?: string;
  rescheduledBy?: "host" | "booker";
  previousStart?: string;
  cancelledAt?: string;
  cancelledBy?: "host" | "booker";
  reason?: string;
  /** For the host: what was known of their calendars when the time was given. `isCurrent: false`: they could not be read just then. */
  calendarsSeen?: { asOf: string; isCurrent: boolean };
}

/** `GET /api/bookings?role=`; `order=asc` (default: earliest start first) or `desc`, and a page's `cursor` goes on in the same order. */
export interface BookingListJson {
  bookings: BookingJson[];
  cursor?: string;
}

export interface NotificationJson {
  id: string;
  kind:
    | "booking.requested"
    | "booking.confirmed"
    | "booking.declined"
    | "booking.cancelled"
    | "booking.rescheduled"
    | "booking.expired"
    /** Something was put upon it in the host's own calendar. */
    | "booking.conflict"
    /** Told to both, a day and an hour before a confirmed booking starts. */
    | "booking.reminder"
    /** A connected calendar cannot be read: `needs_reauth`, or failing for an hour. */
    | "calendar.broken"
    /** Mail to `otherHandle` is returned for good: to the reader, where it is about no booking, else to the booker, for the host to know. */
    | "mail.bounced"
    /** A webhook failed for days, or said that it is gone. About no booking. */
    | "webhook.off";
  /** Absent for what is about no booking. */
  bookingUid?: string;
  /** The other person's handle, the meeting's title and its start, to make a sentence of. `calendar.broken`: the connection's label as title. `webhook.off`: its host name as title. */
  otherHandle: string;
  meetingTitle: string;
  start: string;
  createdAt: string;
  readAt?: string;
}

/** `GET /api/notifications`, newest first, at most 50. `POST /api/notifications/read` `{ids}` (or no ids: all) → 200 `{unread}`. */
export interface NotificationListJson {
  notifications: NotificationJson[];
  unread: number;
}

/**
 * What opens a host's calendars; never shown again. `feed`: an `https:` or `webcal:` address of an .ics file. `caldav`: a CalDAV server, or
 * just its name. Google is connected by consent: `POST /api/calendar/google`.
 */
export type CalendarAccessInput =
  | { kind: "feed"; url: string }
  | { kind: "caldav"; url: string; username: string; password: string };

/** `POST /api/calendar/connections` → 201 `{connection}`, once it could be read. */
export type ConnectionInput = CalendarAccessInput & { label: string };

/** `PUT /api/calendar/connections/:id` → 200 `{connection}`: which of its calendars block, and which one takes confirmed bookings, if any. */
export interface CalendarChoiceInput {
  blocking: string[];
  /** At most one calendar of all connections takes bookings; absent: none of this one. */
  takesBookings?: string;
}

/** `POST /api/calendar/google` → 200 `{url}` to go to; Google sends the browser back to `/settings?calendar=connected` or `=denied` and the like. */
export interface GoogleConsentInput {
  /** The connection whose consent is asked for anew: it keeps its choice of calendars. */
  connectionId?: string;
  /** Also for writing confirmed bookings. */
  write?: boolean;
}

export type CalendarProblemJson =
  | "unreachable"
  | "timeout"
  | "too-large"
  | "not-a-calendar"
  | "not-found"
  | "unauthorized"
  | "rate-limited"
  | "server-error"
  | "refused-address"
  | "read-only"
  | "emptied";

/** One calendar of a connection. */
export interface CalendarJson {
  id: string;
  /** As its source calls it. */
  name: string;
  /** Whether its busy time is not offered. */
  blocks: boolean;
  isWritable: boolean;
  /** Whether confirmed bookings are written into it. */
  takesBookings: boolean;
  /** When its busy time was last known to be right; for those that block. */
  asOf?: string;
  problem?: CalendarProblemJson;
}

/** An account whose calendars a host connected. */
export interface ConnectionJson {
  id: string;
  kind: "feed" | "caldav" | "google";
  label: string;
  /** `failing`: it is tried again by itself, and what was busy stays busy. `needs_reauth`: its access has to be given anew. */
  state: "ok" | "failing" | "needs_reauth";
  /** Why, where it is not `ok`; of the whole, or of the first of its calendars that has one. */
  problem?: CalendarProblemJson;
  /** When the busy time of all that block was last known to be right; absent where none blocks. */
  asOf?: string;
  nextRefreshAt?: string;
  calendars: CalendarJson[];
}

/**
 * `GET /api/calendar/connections`. Also `POST …/:id/refresh` → 200 `{connection}`, which looks for new calendars too; `PUT …/:id/access`
 * CalendarAccessInput → 200 `{connection}`: a new password or address, the choice of calendars stays; `DELETE …/:id` → 204.
 */
export interface ConnectionListJson {
  connections: ConnectionJson[];
  /** Whether this broker can ask Google for consent. */
  offersGoogle: boolean;
}

/** `GET /api/calendar/conflicts`: confirmed bookings ahead that something in the host's calendars has been put upon since. */
export interface ConflictListJson {
  bookings: BookingJson[];
}

/** `GET /api/booking-feed`: since when the caller has a secret address at which their bookings can be subscribed to. `DELETE` → 204 takes it back. */
export interface BookingFeedJson {
  since?: string;
}

/** `POST /api/booking-feed` → 201: a new address, in the place of any earlier one. It is shown this once. */
export interface NewBookingFeedJson {
  since: string;
  url: string;
  /** The same, as calendar programs open it. */
  webcalUrl: string;
}

/** `GET/PUT /api/settings` → `{settings}`. */
export interface SettingsJson {
  /** IANA zone; absent means the browser's. */
  timeZone?: string;
  hourCycle?: "h12" | "h23";
  /** Whether they are reminded of confirmed bookings a day and an hour before the start; absent means both. */
  reminders?: { dayBefore: boolean; hourBefore: boolean };
  /** For hosts: how many hours a request waits for an answer, 1 to 336; absent means 48. Kept by their authority. */
  pendingHours?: number;
  /** For hosts with calendars: what becomes of a request while they cannot be read; absent means `ask`. Kept by their authority. */
  onSilentCalendar?: "refuse" | "ask" | "trust";
}

/** `GET /api/blocks` → BlockListJson, `POST /api/blocks` `{actor}` → 201 `{blocked}`, `DELETE /api/blocks/:did` → 204. For hosts. */
export interface BlockedJson {
  did: string;
  /** As it was when they were blocked. */
  handle: string;
  blockedAt: string;
}

export interface BlockListJson {
  blocked: BlockedJson[];
}

/**
 * What `GET /api/hosts/:actor/live` says as a WebSocket, first at once and then whenever something changes. With `?after=<seq>` it
 * begins with what happened since; `isReset` says that too much did, and that everything should be asked for again.
 */
export interface LiveJson {
  /** Of the last change that is told here or earlier. */
  seq: number;
  isReset?: boolean;
  /** Cores of slots, in the order of the decisions. */
  changes: { start: string; end: string; state: "taken" | "freed" }[];
}

/** A decision as its authority keeps it. `hash` is the SHA-256, in hex, of the hash before it (64 zeros at first), a line feed and `entry`. */
export interface LogRowJson {
  /** JSON, byte for byte as it was hashed. */
  entry: string;
  hash: string;
}

/** `GET /api/account/export`: all that this broker keeps about the caller, as a file. Lists that do not apply are empty. */
export interface AccountExportJson {
  exportedAt: string;
  account: PartyJson;
  settings: SettingsJson;
  email: EmailJson;
  /** As `GET /api/bookings` lists them. */
  bookings: { asHost: BookingJson[]; asBooker: BookingJson[] };
  /** The newest first. */
  notifications: NotificationJson[];
  /** The latest first. */
  blocked: BlockedJson[];
  /** Connected calendars, without what opens them. */
  calendars: ConnectionJson[];
  /** Without their keys. */
  webhooks: WebhookJson[];
  /** What the caller's authority has decided about them as a host, in a form that can be checked: `npm run verify-log`. */
  decisions: {
    /** How many rows the log had when the reading of `bookings` began; a booking may be older than rows after these. */
    logSeqBefore: number;
    /** Each booking exactly as it is stored: `content` in its last row is the SHA-256 of this text. */
    bookings: string[];
    log: LogRowJson[];
  };
}

/** Instants are RFC 3339. */
export interface OutboxJson {
  readonly waiting: number;
  readonly parked: number;
  /** When the next relay is due, and how many in a row found D1 away. */
  readonly relay?: { readonly dueAt: string; readonly attempts: number };
  readonly effects: readonly {
    readonly id: string;
    readonly kind: string;
    /** How often D1 refused it. */
    readonly attempts: number;
    readonly owedAt?: string;
    readonly notBefore?: string;
    readonly parkedAt?: string;
    readonly lastError?: string;
  }[];
}

export interface OperatedHostsJson {
  readonly hosts: readonly string[];
  /** Where the next page begins. */
  readonly after?: string;
}

export interface OperatedPeopleJson {
  readonly people: readonly string[];
  /** Where the next page begins. */
  readonly after?: string;
}

/** Secrets of one person: sealed under the active key just now, already before, or under a key that is configured no more. */
export interface ResealingJson {
  readonly connections: ResealedJson;
  readonly account: ResealedJson;
}

interface ResealedJson {
  readonly resealed: number;
  readonly current: number;
  readonly lost: number;
}
