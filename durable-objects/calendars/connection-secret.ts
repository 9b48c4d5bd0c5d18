/** What is sealed of a connection: what opens its source, and how the source calls its calendars. Nothing of it is stored in the clear. */

import type { Sealed, Sealer } from "../../adapters/atproto/sealing.ts";
import type { Access, FoundCalendar } from "../../adapters/calendars/source.ts";

export interface ConnectionSecret {
  readonly access: Access;
  /** By our ids: calendars may be named after people, and their addresses at the source be those of people. */
  readonly calendars: Readonly<Record<string, Pick<FoundCalendar, "ref" | "name">>>;
}

/** Seals it for one connection of one host. */
export function sealSecret(
  sealer: Sealer,
  hostDid: string,
  connectionId: string,
  secret: ConnectionSecret,
): Promise<Sealed> {
  return sealer.seal(JSON.stringify(secret), boundTo(hostDid, connectionId));
}

/** The secret; undefined where the key it was sealed with is gone. */
export async function openSecret(
  sealer: Sealer,
  hostDid: string,
  connectionId: string,
  sealed: Sealed,
): Promise<ConnectionSecret | undefined> {
  const text = await sealer.open(sealed, boundTo(hostDid, connectionId));
  if (text === undefined) {
    return undefined;
  }
  // Before there were several calendars to a connection, the secret was the address of a feed.
  return text.startsWith("{")
    ? (JSON.parse(text) as ConnectionSecret)
    : { access: text, calendars: { [connectionId]: { ref: "", name: "" } } };
}

function boundTo(hostDid: string, connectionId: string): string {
  return `${hostDid} calendar ${connectionId}`;
}
