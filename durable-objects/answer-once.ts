/**
 * One answer for each requestId: the first is kept in the transaction that decided it, and a repeat gets it again. That nobody can tell now
 * is no decision: whoever asks again in a minute is judged by what is known then.
 */

import type { Result } from "../scheduling/refusal.ts";
import { ANSWER_KEPT_MS, type Answers, findAnswer, keepAnswer, type Question } from "./answers.ts";
import type { Desk } from "./desk.ts";

/** The known answer, or what `decide` says, refusals but CalendarsSilent included, from now on. Call inside a transaction of the desk. */
export function answerOnce<Kind extends keyof Answers>(
  desk: Desk,
  kind: Kind,
  question: Question,
  now: number,
  decide: () => Result<Answers[Kind]>,
): Result<Answers[Kind]> {
  const known = findAnswer(desk.sql, kind, question);
  if (known) {
    return known;
  }
  const answer = decide();
  if (!answer.ok && answer.refusal.code === "CalendarsSilent") {
    return answer;
  }
  keepAnswer(desk.sql, kind, question, answer, now);
  desk.timers.setNoLaterThan("forget-answers", now + ANSWER_KEPT_MS);
  return answer;
}
