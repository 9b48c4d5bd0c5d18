/** What an authority works with beside its decisions: its desk, and D1 as its history and as the place where its effects go. */

import { d1History, type History } from "../adapters/d1/history.ts";
import { d1Outside } from "../adapters/d1/outside.ts";
import type { Desk } from "./desk.ts";
import type { Outside } from "./outbox.ts";

export interface Work {
  readonly desk: Desk;
  readonly history: History;
  readonly outside: Outside;
  /** Runs a block of the desk and tells those who look on. */
  readonly transaction: <Value>(work: () => Value) => Value;
}

/** The work of one host's authority. */
export function workOf(desk: Desk, hostDid: string, db: D1Database, transaction: Work["transaction"]): Work {
  return { desk, history: d1History(db, hostDid), outside: d1Outside(db), transaction };
}
