/** Calling an authority: a fresh stub for every try, and another try only where the platform says nothing was done. */

import { isSupportedDid } from "../adapters/atproto/did-document.ts";
import type { Account } from "../durable-objects/account/account.ts";
import type { HostCalendar } from "../durable-objects/host-calendar.ts";

const TRIES = 3;

/** What the door may ask of an authority. */
export type Calendar = Pick<
  HostCalendar,
  | "getHost"
  | "ownRecords"
  | "recordsChanged"
  | "listSlots"
  | "listMoves"
  | "explainSlots"
  | "holdSlot"
  | "releaseHold"
  | "requestBooking"
  | "rescheduleBooking"
  | "getBooking"
  | "confirmBooking"
  | "declineBooking"
  | "cancelBooking"
  | "takeReply"
  | "readPolicy"
  | "changePolicy"
  | "listCalendars"
  | "connectCalendars"
  | "giveCalendarAccess"
  | "chooseCalendars"
  | "refreshCalendars"
  | "disconnectCalendars"
  | "listConflicts"
  | "listWebhooks"
  | "addWebhook"
  | "removeWebhook"
  | "pingWebhook"
  | "enableWebhook"
  | "replayToWebhook"
  | "beginGoogleConsent"
  | "finishGoogleConsent"
  | "calendarPushed"
  | "readLog"
  | "readStoredBookings"
  | "fetch"
>;

/** What only the operator may ask of one. */
export type OperatedCalendar = Pick<
  HostCalendar,
  "readOutbox" | "retryParked" | "rebuildHistory" | "reconcileHistory" | "resealConnections"
>;

/** The HostCalendar of a host's DID, or of the object's own id; undefined for anything else. */
export function operatedCalendar(env: Env, host: string): OperatedCalendar | undefined {
  if (isSupportedDid(host)) {
    return env.HOST_CALENDAR.getByName(host);
  }
  try {
    return env.HOST_CALENDAR.get(env.HOST_CALENDAR.idFromString(host));
  } catch {
    return undefined; // No id of this namespace.
  }
}

/** The Account of the object's own id; undefined for anything else. */
export function operatedAccount(env: Env, id: string): Pick<Account, "resealSecrets"> | undefined {
  try {
    return env.ACCOUNT.get(env.ACCOUNT.idFromString(id));
  } catch {
    return undefined; // No id of this namespace.
  }
}

/** The HostCalendar of one host. */
export function hostCalendar(env: Env, hostDid: string): Calendar {
  return env.HOST_CALENDAR.getByName(hostDid);
}

/** Asks the HostCalendar of one host what may be asked twice. A broken stub is never used again (it stays broken). */
export async function atHostCalendar<Value>(
  env: Env,
  hostDid: string,
  call: (calendar: Calendar) => Promise<Value>,
): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(hostCalendar(env, hostDid));
    } catch (error) {
      if (attempt === TRIES || !isWorthAnotherTry(error)) {
        throw error;
      }
    }
  }
}

function isWorthAnotherTry(error: unknown): boolean {
  return (
    error instanceof Error &&
    "retryable" in error &&
    error.retryable === true &&
    !("overloaded" in error && error.overloaded === true)
  );
}
