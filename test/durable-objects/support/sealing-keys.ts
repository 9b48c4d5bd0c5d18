/** Keys that are rotated under objects that live, as a deployment with another `SEALING_KEYS` does. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createSealer, type Sealer } from "../../../adapters/atproto/sealing.ts";

const { keys } = JSON.parse(env.SEALING_KEYS) as { keys: { test: string } };
const NEXT = "bmV4dC1uZXh0LW5leHQtbmV4dC1uZXh0LW5leHQtbmU";

/** Before the rotation, while both are there, and after the old one was taken away. */
export const KEYS = {
  old: env.SEALING_KEYS,
  both: JSON.stringify({ active: "next", keys: { ...keys, next: NEXT } }),
  next: JSON.stringify({ active: "next", keys: { next: NEXT } }),
} as const;

type Keys = keyof typeof KEYS;

/** From now on, for as long as it lives, this object has these keys. */
export async function haveKeys(which: Keys, ...objects: readonly DurableObjectStub[]): Promise<void> {
  for (const object of objects) {
    await runInDurableObject(object, (instance) => {
      const before: unknown = Reflect.get(instance, "env");
      Reflect.set(instance, "env", Object.assign({}, before, { SEALING_KEYS: KEYS[which] }));
    });
  }
}

/** Seals and opens with these keys. `whenSealing` is waited for before each sealing. */
export function sealerWith(which: Keys, whenSealing: () => Promise<void> = async () => undefined): Sealer {
  const sealer = createSealer(KEYS[which]);
  return {
    ...sealer,
    async seal(text, boundTo) {
      await whenSealing();
      return sealer.seal(text, boundTo);
    },
  };
}

const SEALED_TABLES = [
  "calendar_connections",
  "oauth_session",
  "oauth_states",
  "mail_key",
  "mail_address",
  "mail_links",
  "mail_outbox",
  "webhooks",
];

/** Under which keys an object's tables hold something, each named once. */
export async function keysInUse(object: DurableObjectStub): Promise<string[]> {
  return runInDurableObject(object, (_instance, { storage: { sql } }) => {
    const tables = SEALED_TABLES.filter(
      (name) => sql.exec("SELECT 1 FROM sqlite_master WHERE name = ?", name).toArray().length > 0,
    );
    const found = tables.flatMap((name) =>
      sql.exec<{ key_id: string }>(`SELECT key_id FROM ${name} WHERE key_id IS NOT NULL`).toArray(),
    );
    return [...new Set(found.map(({ key_id }) => key_id))];
  });
}
