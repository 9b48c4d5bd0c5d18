/** Asks why times are offered or not: those of a date, or one wall time of it. Explains nothing itself. */

import type { ExplanationJson, MeetingTypeJson } from "../worker/wire.ts";
import { call, query, type Answer } from "./api.ts";
import { segment } from "./router.ts";
import { instantsOfWallTime } from "./wall-time.ts";

export interface ExplanationQuestion {
  readonly meetingType: MeetingTypeJson;
  readonly durationMinutes: number;
  /** In the meeting type's zone. */
  readonly date: string;
  /** `HH:MM`; empty: every start of the date. */
  readonly time: string;
}

/** Whether the clock is set forward over the time, so that nothing can begin then. */
export function isSkippedTime({ meetingType, date, time }: ExplanationQuestion): boolean {
  return time !== "" && instantsOfWallTime(date, time, meetingType.timeZone).length === 0;
}

/** A time that comes twice on its date is asked for twice; the answer has both. */
export async function askExplanation(
  host: string,
  { meetingType, durationMinutes, date, time }: ExplanationQuestion,
): Promise<Answer<ExplanationJson>> {
  const ask = (when: { date: string } | { at: string }) => {
    const about = { meetingType: meetingType.rkey, durationMinutes: String(durationMinutes), ...when };
    return call<ExplanationJson>("GET", `/api/hosts/${segment(host)}/explanation${query(about)}`);
  };
  if (time === "") return ask({ date });
  const instants = instantsOfWallTime(date, time, meetingType.timeZone);
  const answers = await Promise.all(instants.map((at) => ask({ at: new Date(at).toISOString() })));
  const [first, ...others] = answers;
  if (!first) throw new Error("A time that the clock skips cannot be asked about.");
  return others.reduce(joined, first);
}

/** Both answers in one, or the first that failed. */
function joined(a: Answer<ExplanationJson>, b: Answer<ExplanationJson>): Answer<ExplanationJson> {
  if (!a.ok) return a;
  return b.ok ? { ok: true, value: { ...a.value, starts: [...a.value.starts, ...b.value.starts] } } : b;
}
