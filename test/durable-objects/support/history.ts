/** D1 as a test sees it: what is in it, and how it fails. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** From now on, one host's authority has this D1. It forgets when it is restarted. */
export async function giveD1(hostDid: string, db: D1Database): Promise<void> {
  await runInDurableObject(env.HOST_CALENDAR.getByName(hostDid), (instance) => {
    Object.assign(instance, { env: { ...env, DB: db } });
  });
}

/** The real D1, but whatever is asked of it as a batch is asked of `batch` first: it may throw, or never answer. */
export function d1WithBatch(
  batch: (statements: readonly D1PreparedStatement[]) => Promise<void>,
): D1Database {
  return d1With("batch", async (statements: D1PreparedStatement[]) => {
    await batch(statements);
    return env.DB.batch(statements);
  });
}

/**
 * The real D1, but an answer to a question about rows comes only when `gate` has settled: what was there when it was asked, or what is there
 * by then. It can only be asked, and takes no batches.
 */
export function d1WithHeldAnswers(
  whatIsThere: "when asked" | "when answered",
  gate: () => Promise<void>,
): D1Database {
  return d1With("prepare", (query: string) => ({
    bind: (...values: unknown[]) => ({
      async raw() {
        const statement = env.DB.prepare(query).bind(...values);
        const early = whatIsThere === "when asked" ? await statement.raw() : undefined;
        await gate();
        return early ?? statement.raw();
      },
    }),
  }));
}

function d1With(method: "batch" | "prepare", replacement: unknown): D1Database {
  return new Proxy(env.DB, {
    get(db, name) {
      const member: unknown = name === method ? replacement : Reflect.get(db, name);
      return typeof member === "function" ? member.bind(db) : member;
    },
  });
}

interface StoredRow {
  readonly id: string;
  readonly sequence: number;
  readonly status: string;
  readonly booker_handle: string;
}

/** The rows of a host, by start. */
export async function rowsOf(hostDid: string): Promise<StoredRow[]> {
  const { results } = await env.DB.prepare(
    "SELECT id, sequence, status, booker_handle FROM bookings WHERE host_did = ? ORDER BY start_time",
  )
    .bind(hostDid)
    .all<StoredRow>();
  return results;
}

/** The ids of all notifications about a host's bookings. */
export async function notificationsAbout(hostDid: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT notifications.id FROM notifications JOIN bookings ON bookings.id = booking_id WHERE host_did = ? ORDER BY 1",
  )
    .bind(hostDid)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
