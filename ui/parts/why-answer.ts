/** The answer to why times of a date are offered or not: asks for it, then says what holds for the date and for each start. */

import { html } from "htm/preact";
import type { AvailabilityJson, ExplanationJson } from "../../worker/wire.ts";
import { durationLabel, longDate, wallTimeLabel } from "../clock-format.ts";
import { askExplanation, isSkippedTime, type ExplanationQuestion } from "../explanation-question.ts";
import { useLoad } from "../load.ts";
import type { SentenceContext } from "../reason-sentence.ts";
import { segment } from "../router.ts";
import { useViewerTime } from "../viewer-time.ts";
import { ErrorNotice, Loading } from "./notice.ts";
import { WhyRuns } from "./why-runs.ts";

interface WhyAnswerProps {
  /** The host's DID. */
  did: string;
  /** Stays the same as long as this is rendered. */
  question: ExplanationQuestion;
  /** All hours of the host. */
  availability: readonly AvailabilityJson[];
}

export function WhyAnswer({ did, question, availability }: WhyAnswerProps) {
  const { hourCycle } = useViewerTime();
  const isSkipped = isSkippedTime(question);
  const answer = useLoad(isSkipped ? undefined : did, () => askExplanation(did, question));
  const { meetingType, durationMinutes, date, time } = question;
  const title = `${meetingType.title}, ${durationLabel(durationMinutes)}, ${longDate(date)}`;
  const count = answer.value && time === "" ? countOf(answer.value) : "";
  const context: SentenceContext = {
    date,
    timeZone: meetingType.timeZone,
    hourCycle,
    meetingType,
    availability,
  };
  return html`<div class="why-answer">
    <div aria-live="polite">
      ${
        answer.value &&
        html`<h3>${title}</h3>
          ${count && html`<p class="muted">${count}</p>`}`
      }
    </div>
    ${
      isSkipped &&
      html`<p role="alert">
        ${wallTimeLabel(time, hourCycle)} does not exist on ${longDate(date)}: the clock is set forward over
        it.
      </p>`
    }
    ${answer.loading && html`<${Loading} label="Looking at your hours and bookings" />`}
    ${answer.failure && html`<${ErrorNotice} message=${answer.failure.message} onRetry=${answer.reload} />`}
    ${
      answer.value &&
      html`<${SeasonLine}
          usualRkey=${meetingType.availabilityRkey}
          holdingRkey=${answer.value.availabilityRkey}
          availability=${availability}
        />
        <${WhyRuns}
          explanation=${answer.value}
          stepMinutes=${meetingType.slotIntervalMinutes ?? durationMinutes}
          context=${context}
        />
        ${
          time === "" &&
          answer.value.starts.length > 0 &&
          html`<p class="hint">
            These are start times. Ask for one that is not listed by entering it above.
          </p>`
        }`
    }
  </div>`;
}

function countOf({ starts }: ExplanationJson): string {
  if (starts.length === 0) return "";
  const offered = starts.filter(({ reasons }) => reasons.length === 0).length;
  return `${offered} of ${starts.length} start times are offered.`;
}

interface SeasonLineProps {
  usualRkey: string;
  holdingRkey: string;
  availability: readonly AvailabilityJson[];
}

/** Says so where other hours than those of the meeting type hold on the date. */
function SeasonLine({ usualRkey, holdingRkey, availability }: SeasonLineProps) {
  const nameOf = (rkey: string) => availability.find((each) => each.rkey === rkey)?.name;
  if (holdingRkey === usualRkey) return null;
  return html`<p>
    <a href=${`/availability/${segment(holdingRkey)}`}>${nameOf(holdingRkey)}</a> hold on this date instead of
    “${nameOf(usualRkey)}”.
  </p>`;
}
