/** Waiting for D1, but not for ever: whoever waits holds up everything else that an authority has to do. */

/** A statement takes milliseconds; D1 itself gives up after half a minute. */
const D1_DEADLINE_MS = 10_000;

/** D1 did not answer in time. What was asked for may still happen. */
export class NoAnswerInTime extends Error {
  override readonly name = "NoAnswerInTime";
}

/** What D1 answers. @throws NoAnswerInTime */
export async function inTime<Value>(asked: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new NoAnswerInTime()), D1_DEADLINE_MS);
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
