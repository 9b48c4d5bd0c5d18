/** Everything the stand-in remembers. Kept in memory, gone with the process. */

import type { calendar_v3 } from "@googleapis/calendar";
import type { Fault } from "./faults.ts";

export interface Client {
  readonly id: string;
  /** Absent: a client that cannot keep one, and is believed without. */
  readonly secret?: string | undefined;
  readonly redirectUris: readonly string[];
  /** "Testing" in the console: refresh tokens live for a week. */
  readonly isTesting?: boolean | undefined;
}

export interface Account {
  readonly email: string;
  readonly name: string;
}

export interface Calendar {
  readonly id: string;
  readonly summary: string;
  readonly timeZone: string;
  readonly description?: string | undefined;
  /** The account it belongs to; absent: nobody's here, like a calendar of holidays. */
  readonly owner?: string | undefined;
  readonly isPrimary: boolean;
  /** Anybody may read it. */
  readonly isPublic: boolean;
  /** The client that made it, for `calendar.app.created`. */
  readonly madeBy?: string | undefined;
}

/** From the least to the most. */
export const ACCESS_ROLES = [
  "freeBusyReader",
  "reader",
  "writerWithoutPrivateAccess",
  "writer",
  "owner",
] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** A calendar as one account has it: its right to it, and its entry in the list. */
export interface Listing {
  readonly calendarId: string;
  readonly accessRole: AccessRole;
  readonly isHidden: boolean;
  readonly isSelected: boolean;
  readonly isDeleted: boolean;
  readonly summaryOverride?: string | undefined;
  readonly revision: number;
}

export interface StoredEvent {
  /** As Google would give it to its owner; what depends on who asks is added in the answer. */
  readonly resource: calendar_v3.Schema$Event & { readonly id: string };
  readonly revision: number;
}

/** That a person let a client do something: what "remove access" ends, with every token made from it. */
export interface Grant {
  readonly clientId: string;
  readonly email: string;
  scopes: ReadonlySet<string>;
  isRevoked: boolean;
}

export interface Code {
  readonly grant: Grant;
  readonly scopes: ReadonlySet<string>;
  readonly redirectUri: string;
  readonly challenge?: string;
  readonly isOffline: boolean;
  readonly expiresAt: number;
  isUsed: boolean;
}

export interface RefreshToken {
  readonly token: string;
  readonly grant: Grant;
  readonly scopes: ReadonlySet<string>;
  /** Infinity, unless its client is in testing. */
  readonly expiresAt: number;
  isRevoked: boolean;
}

export interface AccessToken {
  readonly grant: Grant;
  readonly scopes: ReadonlySet<string>;
  expiresAt: number;
}

export interface PushChannel {
  readonly id: string;
  readonly resourceId: string;
  readonly resourceUri: string;
  readonly address: string;
  readonly token?: string;
  readonly expiresAt: number;
  readonly grant: Grant;
  /** What it watches: a calendar's events, or an account's list. */
  readonly watched: { readonly events: string } | { readonly listOf: string };
  messages: number;
  /** A notification of a change is on its way, which says all there is to say. */
  isTold: boolean;
}

/** A notification that was sent, or would have been. */
export interface Delivery {
  readonly channelId: string;
  readonly state: "sync" | "exists";
  readonly messageNumber: number;
  /** The receiver's status; absent: it could not be reached. */
  readonly status?: number;
  readonly outcome: "delivered" | "dropped" | "failed";
}

/** A call as the log keeps it: no header, no body, and for OAuth no query, so no token either. */
export interface Call {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Of calls to the Calendar API. */
  readonly query: Readonly<Record<string, string>>;
  /** Google's name of the method, such as `calendar.freebusy.query`. */
  readonly api?: string;
  /** Whose token it was, and what that may. */
  readonly email?: string;
  readonly scopes?: readonly string[];
  /** Parameters that Google does not have, and ignores. */
  readonly unknownParameters: readonly string[];
  readonly status: number;
}

export interface State {
  readonly now: () => number;
  /** Where it listens; set once it does. */
  url: string;
  /** Counts every change, so that sync tokens can say since when. */
  revision: number;
  /** Sync tokens from before this revision are no longer valid. */
  syncFloor: number;
  readonly clients: Map<string, Client>;
  readonly accounts: Map<string, Account>;
  readonly calendars: Map<string, Calendar>;
  /** By account, then by calendar. */
  readonly listings: Map<string, Map<string, Listing>>;
  /** By calendar, then by event. */
  readonly events: Map<string, Map<string, StoredEvent>>;
  readonly grants: Grant[];
  readonly codes: Map<string, Code>;
  readonly refreshTokens: Map<string, RefreshToken>;
  readonly accessTokens: Map<string, AccessToken>;
  readonly channels: Map<string, PushChannel>;
  readonly deliveries: Delivery[];
  /** Notifications on their way. */
  readonly sending: Set<Promise<void>>;
  /** Google does not promise to deliver; a test may have it lose them. */
  dropsNotifications: boolean;
  readonly faults: Fault[];
  readonly calls: Call[];
}

export function createState(now: () => number): State {
  return {
    now,
    url: "",
    revision: 0,
    syncFloor: 0,
    clients: new Map(),
    accounts: new Map(),
    calendars: new Map(),
    listings: new Map(),
    events: new Map(),
    grants: [],
    codes: new Map(),
    refreshTokens: new Map(),
    accessTokens: new Map(),
    channels: new Map(),
    deliveries: [],
    sending: new Set(),
    dropsNotifications: false,
    faults: [],
    calls: [],
  };
}

export function nextRevision(state: State): number {
  state.revision += 1;
  return state.revision;
}
