/** How often addresses were sent a link or taken from a PDS, and which are not, in D1: over all people who named them. Knows hashes only. */

import { eq, lte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { addressLinks, unwantedAddresses } from "../../migrations/schema.ts";
import { DAY } from "../../scheduling/time-zone.ts";
import { inTime } from "./deadline.ts";

/** To one address, whoever names it. */
const MAX_LINKS = 3;
const LINKS_PER_MS = 7 * DAY;

/** Looked at and counted in one statement, so that no two links both find the last place free. The same link again is counted once. */
const COUNT = `
  INSERT INTO address_links (id, address_hash, sent_at)
  SELECT ?1, ?2, ?3
  WHERE NOT EXISTS (SELECT 1 FROM unwanted_addresses WHERE address_hash = ?2)
    AND (SELECT count(*) FROM address_links WHERE address_hash = ?2 AND sent_at > ?3 - ${LINKS_PER_MS} AND id <> ?1) < ${MAX_LINKS}
  ON CONFLICT (id) DO UPDATE SET sent_at = excluded.sent_at
  RETURNING id`;

/**
 * Whether a link may go to an address: its owner has not said never, and it got fewer than three within seven days. If so, it is counted.
 * `now` in epoch ms. @throws NoAnswerInTime, or whatever D1 refuses with
 */
export async function countLink(
  db: D1Database,
  link: { readonly id: string; readonly addressHash: string },
  now: number,
): Promise<boolean> {
  const { results } = await inTime(db.prepare(COUNT).bind(link.id, link.addressHash, now).all());
  return results.length === 1;
}

/** Whether an address's owner has said never, on account of anybody. @throws as countLink does */
export async function isUnwanted(db: D1Database, addressHash: string): Promise<boolean> {
  const { addressHash: column } = unwantedAddresses;
  const rows = await inTime(
    drizzle(db).select({ column }).from(unwantedAddresses).where(eq(column, addressHash)),
  );
  return rows.length > 0;
}

/** No link goes to this address any more, whoever names it. @throws as countLink does */
export async function refuseLinks(db: D1Database, addressHash: string, now: number): Promise<void> {
  await inTime(
    drizzle(db).insert(unwantedAddresses).values({ addressHash, createdAt: now }).onConflictDoNothing(),
  );
}

/** Deletes what does not count any more, as of `now` (epoch ms). */
export async function deleteOldLinks(db: D1Database, now: number): Promise<void> {
  await drizzle(db)
    .delete(addressLinks)
    .where(lte(addressLinks.sentAt, now - LINKS_PER_MS));
}
