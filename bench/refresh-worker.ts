/** The product with counters in its seams and a clock that is moved from outside, so that a day of refreshing takes seconds. */

import product from "../worker/index.ts";
import { HostCalendar as Authority } from "../durable-objects/host-calendar.ts";
import type { ConnectCalendars } from "../durable-objects/calendars/connecting-calendars.ts";
import type { Cost, RefreshCommand } from "./refreshing.ts";

export { Account } from "../durable-objects/account/account.ts";

const PUSH_PATH = "/api/calendar/google/push";

const spent = { requests: 0, notifications: 0, rings: 0, alarmsSet: 0 };
const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];

/** Epoch ms; undefined: the real one. */
let clock: number | undefined;
const realNow = Date.now.bind(Date);
Date.now = () => clock ?? realNow();

const realFetch = globalThis.fetch.bind(globalThis);
globalThis.fetch = (input: RequestInfo | URL, init?: RequestInit) => {
  spent.requests += 1;
  return realFetch(input, init);
};

/** Its alarm rings when it is told to, not by itself. */
export class HostCalendar extends Authority {
  readonly #alarm: { at: number | undefined };

  constructor(ctx: DurableObjectState, env: Env) {
    const alarm: { at: number | undefined } = { at: undefined };
    const { sql } = ctx.storage;
    const exec = sql.exec.bind(sql);
    Object.assign(sql, {
      exec: (query: string, ...values: unknown[]) => {
        const cursor = exec(query, ...values);
        cursors.push(cursor);
        return cursor;
      },
    });
    Object.assign(ctx.storage, {
      setAlarm: async (at: number) => {
        spent.alarmsSet += 1;
        alarm.at = at;
      },
      deleteAlarm: async () => {
        alarm.at = undefined;
      },
    });
    super(ctx, env);
    this.#alarm = alarm;
  }

  /** Rings whenever it is due until then, epoch ms. */
  async liveUntil(end: number): Promise<void> {
    for (let { at } = this.#alarm; at !== undefined && at <= end; { at } = this.#alarm) {
      clock = Math.max(at, clock ?? 0);
      spent.rings += 1;
      await this.alarm();
    }
    clock = end;
  }
}

interface BenchEnv extends Env {
  readonly HOST_CALENDAR: DurableObjectNamespace<HostCalendar>;
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname !== "/bench") {
      spent.notifications += Number(pathname === PUSH_PATH);
      return product.fetch(request as Parameters<typeof product.fetch>[0], env);
    }
    const command = await request.json<RefreshCommand>();
    const calendar = env.HOST_CALENDAR.getByName(command.hostDid);
    switch (command.what) {
      case "connect": {
        clock = command.now;
        const connected = await calendar.connectCalendars(command.connect satisfies ConnectCalendars);
        return Response.json(connected);
      }
      case "live":
        await calendar.liveUntil(command.until);
        return Response.json(cost());
    }
  },
};

/** All that was spent since the last time. */
function cost(): Cost {
  const rows = (of: "rowsRead" | "rowsWritten") => cursors.reduce((sum, cursor) => sum + cursor[of], 0);
  const all = { ...spent, rowsRead: rows("rowsRead"), rowsWritten: rows("rowsWritten") };
  cursors.length = 0;
  Object.assign(spent, { requests: 0, notifications: 0, rings: 0, alarmsSet: 0 });
  return all;
}
