/** What each timer of the authority is for. Throws where it fails; whoever calls backs off. */

import { d1Outside } from "../adapters/d1/outside.ts";
import { forgetOldAnswers } from "./answers.ts";
import { nextLapse } from "./booking-store.ts";
import { expireLapsed } from "./decisions.ts";
import type { Desk } from "./desk.ts";
import { deleteExpiredHolds, nextHoldExpiry } from "./hold-store.ts";
import { hasWaitingEffects, relayOutbox } from "./outbox.ts";
import { retryDelayMs, type TimerKind } from "./timers.ts";

/** Does what is due. `transaction` runs a block of the desk and tells those who look on. */
export async function doDueWork(
  kind: TimerKind,
  attempts: number,
  desk: Desk,
  env: Env,
  transaction: <Value>(work: () => Value) => Value,
  now: number,
): Promise<void> {
  const { sql, timers } = desk;
  switch (kind) {
    case "relay-outbox": {
      const report = await relayOutbox(sql, d1Outside(env.DB), now);
      if (report.failed > 0) {
        console.warn("outbox: relay fell short", JSON.stringify(report));
        timers.postpone(kind, now + retryDelayMs(attempts));
      } else {
        timers.settle(kind, hasWaitingEffects(sql) ? now : undefined);
      }
      return;
    }
    case "expire-pending":
      transaction(() => {
        expireLapsed(desk, now);
        timers.settle(kind, nextLapse(sql));
      });
      return;
    case "expire-holds":
      transaction(() => {
        for (const freed of deleteExpiredHolds(sql, now)) {
          desk.announce("freed", freed);
        }
        timers.settle(kind, nextHoldExpiry(sql));
      });
      return;
    case "forget-answers":
      timers.settle(kind, forgetOldAnswers(sql, now));
      return;
  }
}
