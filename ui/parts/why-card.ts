/** "Why is this time not offered?": a host picks a meeting and a date, or one time of it. Asks nothing itself. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { AvailabilityJson, MeetingTypeJson } from "../../worker/wire.ts";
import { durationLabel, localDate, zoneLabel } from "../clock-format.ts";
import { durationsOf } from "../duration-choice.ts";
import type { ExplanationQuestion } from "../explanation-question.ts";
import { useViewerTime } from "../viewer-time.ts";
import { SelectField, TextField } from "./field.ts";
import { WhyAnswer } from "./why-answer.ts";

interface WhyCardProps {
  /** The host's DID. */
  did: string;
  /** Paused ones are explained as well. */
  meetingTypes: readonly [MeetingTypeJson, ...MeetingTypeJson[]];
  availability: readonly AvailabilityJson[];
}

export function WhyCard({ did, meetingTypes, availability }: WhyCardProps) {
  const { zone } = useViewerTime();
  const [rkey, setRkey] = useState<string | undefined>();
  const [minutes, setMinutes] = useState<number | undefined>();
  const [pickedDate, setPickedDate] = useState<string | undefined>();
  const [time, setTime] = useState("");
  const [asked, setAsked] = useState<{ turn: number; question: ExplanationQuestion } | undefined>();

  const meetingType = meetingTypes.find((each) => each.rkey === rkey) ?? meetingTypes[0];
  const { timeZone } = meetingType;
  const durations = durationsOf(meetingType);
  const durationMinutes = durations.find((each) => each === minutes) ?? meetingType.durationMinutes;
  const date = pickedDate ?? localDate(Date.now(), timeZone);

  const explain = (event: Event): void => {
    event.preventDefault();
    // A turn of its own for the same question again: what was true a moment ago may not be now.
    const turn = (asked?.turn ?? 0) + 1;
    setAsked({ turn, question: { meetingType, durationMinutes, date, time } });
  };

  return html`<section class="card" aria-labelledby="why-heading">
    <h2 id="why-heading">Why is this time not offered?</h2>
    <form class="why-form" onSubmit=${explain}>
      ${
        meetingTypes.length > 1 &&
        html`<${SelectField}
          id="why-meeting"
          label="Meeting"
          value=${meetingType.rkey}
          choices=${meetingTypes.map((each) => ({
            value: each.rkey,
            label: each.active ? each.title : `${each.title} (paused)`,
          }))}
          onValue=${setRkey}
        />`
      }
      ${
        durations.length > 1 &&
        html`<${SelectField}
          id="why-length"
          label="Length"
          value=${String(durationMinutes)}
          choices=${durations.map((each) => ({ value: String(each), label: durationLabel(each) }))}
          onValue=${(value: string) => setMinutes(Number(value))}
        />`
      }
      <${TextField} id="why-date" label="Date" type="date" required value=${date} onValue=${setPickedDate} />
      <${TextField} id="why-time" label="Time (optional)" type="time" value=${time} onValue=${setTime} />
      ${
        zone !== timeZone &&
        html`<p class="hint">
          Dates and times here are in the zone of your hours: ${zoneLabel(timeZone, Date.now())}.
        </p>`
      }
      <button type="submit" class="button">Explain</button>
    </form>
    ${asked && html`<${WhyAnswer} key=${asked.turn} did=${did} question=${asked.question} availability=${availability} />`}
  </section>`;
}
