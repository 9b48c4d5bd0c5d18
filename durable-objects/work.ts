/** What an authority works with beside its decisions: its desk, D1 as its history and as the place where its effects go, and calendars. */

import { createSealer } from "../adapters/atproto/sealing.ts";
import { d1History, type History } from "../adapters/d1/history.ts";
import { d1Outside } from "../adapters/d1/outside.ts";
import { withBells } from "./bells.ts";
import type { CalendarWork } from "./calendars/calendar-work.ts";
import type { Desk } from "./desk.ts";
import type { Outside } from "./outbox.ts";

export interface Work {
  readonly desk: Desk;
  readonly env: Env;
  readonly hostDid: string;
  readonly history: History;
  readonly outside: Outside;
  /** Runs a block of the desk and tells those who look on. */
  readonly transaction: <Value>(work: () => Value) => Value;
  /** What reading the host's calendars needs. Making it reads the configuration, and most alarms need none. */
  readonly calendars: () => CalendarWork;
}

/** The work of one host's authority. */
export function workOf(
  parts: Pick<CalendarWork, "desk" | "hostDid" | "env" | "transaction" | "underWay">,
  records: () => CalendarWork["records"],
): Work {
  const { desk, hostDid, env, transaction } = parts;
  return {
    desk,
    env,
    hostDid,
    history: d1History(env.DB, hostDid),
    outside: withBells(d1Outside(env.DB), (did) => env.ACCOUNT.getByName(did).ring()),
    transaction,
    calendars: () => ({ ...parts, sealer: createSealer(env.SEALING_KEYS), records: records() }),
  };
}
