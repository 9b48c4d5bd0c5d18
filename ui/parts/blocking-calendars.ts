/** The calendars of one connection as boxes to tick: those that are ticked block the host's time. Saved at once, by whoever shows it. */

import { html } from "htm/preact";
import type { CalendarJson, ConnectionJson } from "../../worker/wire.ts";
import type { ChangeResult } from "../calendar-changes.ts";
import { calendarProblem } from "../calendar-standing.ts";
import { SaveState } from "./save-state.ts";

interface BlockingCalendarsProps {
  connection: ConnectionJson;
  result: ChangeResult | undefined;
  onChange: (calendar: CalendarJson, blocks: boolean) => void;
}

export function BlockingCalendars({ connection, result, onChange }: BlockingCalendarsProps) {
  const { id, label, calendars } = connection;
  if (calendars.length === 0) {
    return html`<p class="hint">No calendar was found in it. Make one there, then refresh.</p>`;
  }
  return html`<fieldset class="blocking">
    <legend>Blocks my time <span class="visually-hidden">in ${label}</span></legend>
    <ul class="blocking-list">
      ${calendars.map((each) => {
        const problem = calendarProblem(connection, each);
        const problemId = `problem-${id}-${each.id}`;
        return html`<li key=${each.id}>
          <label class="check">
            <input
              type="checkbox"
              checked=${each.blocks}
              aria-describedby=${problem && problemId}
              onChange=${(event: { currentTarget: HTMLInputElement }) =>
                onChange(each, event.currentTarget.checked)}
            />
            <span>${each.name}</span>
          </label>
          ${problem && html`<p class="field-error" id=${problemId}>${problem}</p>`}
        </li>`;
      })}
    </ul>
    <${SaveState} result=${result} />
  </fieldset>`;
}
