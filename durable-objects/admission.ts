/** What a request must wait for before it can be decided: the host's records, and whether this booker may ask at all. Decides nothing. */

import { configuredFetch } from "../adapters/atproto/configured.ts";
import { mayBook } from "../adapters/atproto/relationships.ts";
import type { HostRecords } from "../adapters/atproto/host-records.ts";
import type { BookableBy } from "../scheduling/meeting-type.ts";
import { accepted, type Refusal, type Result } from "../scheduling/refusal.ts";

/** Somebody who wants something of a meeting type. */
export interface Asker {
  readonly booker: { readonly did: string };
  readonly meetingTypeRkey: string;
}

/**
 * Who the meeting type asked for must be open to for this booker to be looked up: `anyone` also where there is nothing to look up,
 * because the type does not exist or its host asks for themselves. What that means is decided in the transaction.
 */
export function audienceOf(records: HostRecords, asker: Asker): BookableBy {
  const meetingType = records.meetingTypes.find(({ rkey }) => rkey === asker.meetingTypeRkey);
  return meetingType === undefined || asker.booker.did === records.did ? "anyone" : meetingType.bookableBy;
}

/**
 * The refusal of somebody who was admitted for another audience than the one that holds now. It is no answer to keep: who may ask
 * has yet to be looked up.
 */
export function refusedAudience(
  records: HostRecords,
  asker: Asker,
  admitted: BookableBy,
): Refusal | undefined {
  const audience = audienceOf(records, asker);
  return audience === "anyone" || audience === admitted
    ? undefined
    : { code: "NotAllowed", why: "The host has just changed who may book. Reload the page and try again." };
}

/**
 * Waits until the request can be decided. Refusals: HostNotFound and HostUnreachable as `getHost` gives them, NotAllowed.
 * @param getHost the host's records, fresh; refuses for somebody who cannot be booked here
 * @returns the audience for which the booker was admitted
 */
export async function admit(
  env: Env,
  asker: Asker,
  getHost: () => Promise<Result<HostRecords>>,
): Promise<Result<BookableBy>> {
  const records = await getHost();
  if (!records.ok) {
    return records;
  }
  const audience = audienceOf(records.value, asker);
  if (audience === "anyone") {
    return accepted(audience);
  }
  const fetch = configuredFetch(env);
  const allowed = await mayBook(audience, records.value.did, asker.booker.did, env.APPVIEW_URL, fetch);
  if (!allowed.ok) {
    return allowed;
  }
  // That took its time, in which the host may have changed their mind.
  const still = await getHost();
  return still.ok ? accepted(audience) : still;
}
