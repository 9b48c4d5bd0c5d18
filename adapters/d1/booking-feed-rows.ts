/** Secret addresses at which people subscribe to their own bookings, in D1: whose each is, by its hash. The address itself is kept nowhere. */

import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { bookingFeeds } from "../../migrations/schema.ts";

/** Gives a person an address, in the place of any they had. `now` in epoch ms. */
export async function putBookingFeed(
  db: D1Database,
  feed: { readonly did: string; readonly tokenHash: string },
  now: number,
): Promise<void> {
  const row = { ...feed, createdAt: now };
  await drizzle(db)
    .insert(bookingFeeds)
    .values(row)
    .onConflictDoUpdate({ target: bookingFeeds.did, set: row });
}

/** Since when a person has an address, epoch ms. */
export async function bookingFeedSince(db: D1Database, did: string): Promise<number | undefined> {
  const [row] = await drizzle(db).select().from(bookingFeeds).where(eq(bookingFeeds.did, did));
  return row?.createdAt;
}

/** Whose address has this hash. */
export async function ownerOfBookingFeed(db: D1Database, tokenHash: string): Promise<string | undefined> {
  const [row] = await drizzle(db).select().from(bookingFeeds).where(eq(bookingFeeds.tokenHash, tokenHash));
  return row?.did;
}

/** Nobody reads at it any more. */
export async function deleteBookingFeed(db: D1Database, did: string): Promise<void> {
  await drizzle(db).delete(bookingFeeds).where(eq(bookingFeeds.did, did));
}
