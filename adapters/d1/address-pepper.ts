/**
 * The key of the hashes by which D1 knows addresses. It is sealed, so whoever has D1 alone cannot look for an address in it; and it stays
 * the same when sealing keys are changed, so nobody who wants no mail is forgotten then.
 */

import { base64url } from "jose";
import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { addressPepper } from "../../migrations/schema.ts";
import type { Sealed, Sealer } from "../atproto/sealing.ts";
import { hmacSha256 } from "../hmac-sha-256.ts";
import { hex } from "../sha-256.ts";
import { inTime } from "./deadline.ts";
import { mailboxOf } from "./mailbox.ts";

/** Gives the hash of an address, in hexadecimal: the same for all that mailboxOf takes for one. */
export type HashAddress = (address: string) => Promise<string>;

const ONLY = 1;
const BOUND_TO = "address pepper";
const PEPPER_BYTES = 32;

/** What seals the pepper was taken away: nobody can be asked for, until it is back. */
export class PepperLost extends Error {
  override readonly name = "PepperLost";
}

/** @throws PepperLost, NoAnswerInTime, or whatever D1 refuses with */
export async function addressHasher(db: D1Database, sealer: Sealer): Promise<HashAddress> {
  const pepper = await openPepper(db, sealer);
  return async (address) => hex(await hmacSha256(pepper, mailboxOf(address)));
}

/** Seals it under the active key, where it is not. Makes none. @throws as addressHasher does */
export async function resealPepper(db: D1Database, sealer: Sealer): Promise<void> {
  const stored = await readPepper(db);
  if (stored !== undefined) {
    await opened(db, sealer, stored);
  }
}

async function openPepper(db: D1Database, sealer: Sealer): Promise<Uint8Array<ArrayBuffer>> {
  const stored = await readPepper(db);
  if (stored !== undefined) {
    return opened(db, sealer, stored);
  }
  const made = base64url.encode(crypto.getRandomValues(new Uint8Array(PEPPER_BYTES)));
  const { keyId, bytes } = await sealer.seal(made, BOUND_TO);
  // Of several that are made at once the first one is it, for everybody.
  await inTime(
    drizzle(db)
      .insert(addressPepper)
      .values({ id: ONLY, keyId, sealed: base64url.encode(bytes) })
      .onConflictDoNothing(),
  );
  const kept = await readPepper(db);
  if (kept === undefined) {
    throw new PepperLost();
  }
  return opened(db, sealer, kept);
}

async function readPepper(db: D1Database): Promise<Sealed | undefined> {
  const [row] = await inTime(drizzle(db).select().from(addressPepper).where(eq(addressPepper.id, ONLY)));
  return row && { keyId: row.keyId, bytes: new Uint8Array(base64url.decode(row.sealed)) };
}

async function opened(db: D1Database, sealer: Sealer, stored: Sealed): Promise<Uint8Array<ArrayBuffer>> {
  const text = await sealer.open(stored, BOUND_TO);
  if (text === undefined) {
    throw new PepperLost();
  }
  if (stored.keyId !== sealer.activeKeyId) {
    const { keyId, bytes } = await sealer.seal(text, BOUND_TO);
    await inTime(
      drizzle(db)
        .update(addressPepper)
        .set({ keyId, sealed: base64url.encode(bytes) })
        .where(and(eq(addressPepper.id, ONLY), eq(addressPepper.sealed, base64url.encode(stored.bytes)))),
    );
  }
  return new Uint8Array(base64url.decode(text));
}
