/** What stands against a whole date, then its starts in runs, each with the sentences that explain it. */

import { html } from "htm/preact";
import type { ExplanationJson } from "../../worker/wire.ts";
import { runsOf, type Run } from "../explanation-runs.ts";
import { sentenceOf, type Sentence, type SentenceContext } from "../reason-sentence.ts";
import { slotsByDate } from "../slot-days.ts";

interface WhyRunsProps {
  explanation: ExplanationJson;
  /** The distance of two starts in one window. */
  stepMinutes: number;
  context: SentenceContext;
}

export function WhyRuns({ explanation, stepMinutes, context }: WhyRunsProps) {
  const days = slotsByDate(explanation.starts, context.timeZone, context.hourCycle);
  const labels = new Map([...days.values()].flat().map(({ start, label }) => [start, label]));
  const labelOf = ({ first, last }: Run): string =>
    [...new Set([first, last])].map((start) => labels.get(start) ?? start).join("–");
  const { shared, runs } = runsOf(explanation, stepMinutes);
  const isOffered = (run: Run): boolean =>
    explanation.reasons.length + shared.length + run.reasons.length === 0;
  return html`
    ${explanation.reasons.map((each) => html`<${ReasonLine} key=${each.code} sentence=${sentenceOf(each, "date", context)} />`)}
    ${shared.map((each, index) => html`<${ReasonLine} key=${index} sentence=${sentenceOf(each, "start", context)} />`)}
    ${
      runs.length > 0 &&
      html`<ul class="why-runs">
        ${runs.map(
          (run) =>
            html`<li key=${run.first} class=${isOffered(run) ? "why-run why-offered" : "why-run"}>
              <span class="why-time">${labelOf(run)}</span>
              <div>
                ${run.reasons.length === 0 && html`<p>${isOffered(run) ? "Offered" : "Nothing else stands against it."}</p>`}
                ${run.reasons.map((each, index) => html`<${ReasonLine} key=${index} sentence=${sentenceOf(each, "start", context)} />`)}
              </div>
            </li>`,
        )}
      </ul>`
    }
  `;
}

function ReasonLine({ sentence: { text, link } }: { sentence: Sentence }) {
  return html`<p>${text}${link && html`${" "}<a href=${link.href}>${link.label}</a>`}</p>`;
}
