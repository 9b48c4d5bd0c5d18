/** What a caller may do with the events of a calendar: its role there, within what its scopes reach. */

import { accessTo } from "./accounts.ts";
import type { CalendarAccess, Caller } from "./accounts.ts";
import { refusal } from "./errors.ts";
import type { ApiCall } from "./api-call.ts";
import type { AccessRole } from "./state.ts";

export interface EventAccess extends CalendarAccess {
  /** Only when events are, not what they are. */
  readonly isFreeBusyOnly: boolean;
}

/** @throws Refused 403 or 404 */
export function readEvents({ state, caller, path }: ApiCall): EventAccess {
  const access = accessTo(state, caller, path["calendarId"] ?? "");
  const reads = reaches(caller, access, {
    all: ["calendar", "calendar.readonly", "calendar.events", "calendar.events.readonly"],
    owned: ["calendar.events.owned", "calendar.events.owned.readonly"],
    public: ["calendar.events.public.readonly"],
  });
  if (!reads && !caller.scopes.has("calendar.events.freebusy")) throw outOfReach();
  const isFreeBusyOnly = !reads || access.role === "freeBusyReader";
  return { ...access, role: isFreeBusyOnly ? "freeBusyReader" : access.role, isFreeBusyOnly };
}

/** @throws Refused 403 or 404 */
export function writeEvents({ state, caller, path }: ApiCall): EventAccess {
  const access = accessTo(state, caller, path["calendarId"] ?? "", "writer");
  const writes = reaches(caller, access, {
    all: ["calendar", "calendar.events"],
    owned: ["calendar.events.owned"],
    public: [],
  });
  if (!writes) throw outOfReach();
  return { ...access, isFreeBusyOnly: false };
}

/** Whether private events are shown as busy only. */
export function seesPrivate(role: AccessRole): boolean {
  return role === "writer" || role === "owner";
}

interface Reach {
  readonly all: readonly string[];
  readonly owned: readonly string[];
  readonly public: readonly string[];
}

function reaches(caller: Caller, { calendar, role }: CalendarAccess, reach: Reach): boolean {
  const has = (scopes: readonly string[]): boolean => scopes.some((scope) => caller.scopes.has(scope));
  return (
    has(reach.all) ||
    (role === "owner" && has(reach.owned)) ||
    (calendar.isPublic && has(reach.public)) ||
    (calendar.madeBy === caller.clientId && has(["calendar.app.created"]))
  );
}

function outOfReach(): Error {
  return refusal(
    403,
    "insufficientPermissions",
    "Insufficient Permission: the scopes do not reach this calendar.",
  );
}
