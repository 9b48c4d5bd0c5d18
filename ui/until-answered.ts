/** Repeats a call whose answer was lost. Only for calls that carry a requestId: the worker then decides once. */

import { mayRepeat, type Answer } from "./api.ts";

/** Pauses between attempts, milliseconds: three repeats within about eight seconds. */
const PAUSES_MS = [1000, 2500, 5000];

/** An answer or a refusal; a failure that may be repeated only after every attempt was in vain, or when it is no longer wanted. */
export async function untilAnswered<Value>(
  ask: () => Promise<Answer<Value>>,
  pauses: readonly number[] = PAUSES_MS,
  isWanted: () => boolean = () => true,
): Promise<Answer<Value>> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await ask();
    const pause = pauses[attempt];
    if (answer.ok || !mayRepeat(answer.failure) || pause === undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (!isWanted()) return answer;
  }
}
