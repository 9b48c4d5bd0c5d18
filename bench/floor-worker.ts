/** The floor under the booking figure: behind the same router, a Durable Object that inserts one row in a transaction. Decides nothing. */

import { DurableObject } from "cloudflare:workers";
import { Router } from "itty-router";
import type { IRequest } from "itty-router";

/** Named like the real one, so that the same bindings serve both. */
export class HostCalendar extends DurableObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS rows (id TEXT PRIMARY KEY, start_at INTEGER NOT NULL, body TEXT NOT NULL) STRICT",
    );
  }

  async insert(id: string, startAt: number, body: string): Promise<{ ok: true }> {
    return this.ctx.storage.transactionSync(() => {
      this.ctx.storage.sql.exec("INSERT INTO rows (id, start_at, body) VALUES (?, ?, ?)", id, startAt, body);
      return { ok: true };
    });
  }
}

export class Account extends DurableObject {}

interface FloorEnv {
  readonly HOST_CALENDAR: DurableObjectNamespace<HostCalendar>;
}

const router = Router<IRequest & Request, [FloorEnv]>();
router
  .post("/api/bookings", async (request, env) => {
    const body = await request.json<{ host: string; start: string; requestId: string }>();
    const stub = env.HOST_CALENDAR.getByName(body.host);
    const answer = await stub.insert(body.requestId, Date.parse(body.start), JSON.stringify(body));
    return Response.json(answer, { status: 201 });
  })
  .get("/.well-known/did.json", () => Response.json({}));

export default {
  fetch: (request, env) => router.fetch(request, env),
} satisfies ExportedHandler<FloorEnv>;
