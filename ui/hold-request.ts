/** Asks the worker to hold a slot, and to let go of it. Keeps nothing. */

import type { HoldInput, HoldJson } from "../worker/wire.ts";
import { call, query, type Answer } from "./api.ts";
import { segment } from "./router.ts";
import { untilAnswered } from "./until-answered.ts";

/** One repeat only: whoever fills the form must not wait for a hold. */
const PAUSES_MS = [1500];

/** A hold that is no longer wanted is not asked for again: it would take the place of a newer one. */
export async function askHold(
  input: HoldInput,
  isWanted: () => boolean,
  pauses: readonly number[] = PAUSES_MS,
): Promise<Answer<HoldJson>> {
  return untilAnswered(() => call<HoldJson>("POST", "/api/holds", input), pauses, isWanted);
}

/** Nobody waits for this: a hold that is not let go of runs out by itself. */
export function releaseHold(id: string, host: string): void {
  void call("DELETE", `/api/holds/${segment(id)}${query({ host })}`, undefined, { keepalive: true });
}
