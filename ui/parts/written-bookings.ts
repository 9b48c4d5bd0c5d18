/** Which calendar confirmed bookings are written into, if any, and the way to let Google's be written into. */

import { html } from "htm/preact";
import type { ConnectionJson } from "../../worker/wire.ts";
import { lacksWriting, writablePlaces, writePlaceIn, type CalendarChange } from "../calendar-choice.ts";
import type { ChangeResult } from "../calendar-changes.ts";
import { GoogleButton } from "./google-button.ts";
import { SaveState } from "./save-state.ts";

interface WrittenBookingsProps {
  connections: readonly ConnectionJson[];
  offersGoogle: boolean;
  result: ChangeResult | undefined;
  onChange: (change: CalendarChange) => void;
}

const NONE = "";
const FIELD = "written-bookings";

export function WrittenBookings({ connections, offersGoogle, result, onChange }: WrittenBookingsProps) {
  const places = writablePlaces(connections);
  const now = writePlaceIn(connections);
  const readOnly = offersGoogle ? connections.filter(lacksWriting) : [];
  if (places.length === 0 && readOnly.length === 0) return null;
  const choose = (value: string): void => {
    const chosen = places
      .flatMap(({ connection, calendars }) => calendars.map((calendar) => ({ connection, calendar })))
      .find(({ connection, calendar }) => keyOf(connection.id, calendar.id) === value);
    const connectionId = chosen?.connection.id ?? now?.connectionId;
    if (connectionId !== undefined)
      onChange({ kind: "takes", connectionId, calendarId: chosen?.calendar.id });
  };
  return html`<div class="card-part">
    ${
      places.length > 0 &&
      html`<div class="field">
        <label for=${FIELD}>Write confirmed bookings into</label>
        <select
          id=${FIELD}
          value=${now ? keyOf(now.connectionId, now.calendarId) : NONE}
          aria-describedby=${`${FIELD}-hint`}
          onChange=${(event: { currentTarget: HTMLSelectElement }) => choose(event.currentTarget.value)}
        >
          <option value=${NONE}>None</option>
          ${places.map(
            ({ connection, calendars }) =>
              html`<optgroup key=${connection.id} label=${connection.label}>
                ${calendars.map(
                  ({ id, name }) =>
                    html`<option key=${id} value=${keyOf(connection.id, id)}>${name}</option>`,
                )}
              </optgroup>`,
          )}
        </select>
        <p class="hint" id=${`${FIELD}-hint`}>
          The entry moves with its booking, and disappears when the booking is cancelled. Nothing else in your
          calendar is touched.
        </p>
        <${SaveState} result=${result} />
      </div>`
    }
    ${readOnly.map(
      ({ id, label }) =>
        html`<div key=${id} class="allow-writing">
          <p class="muted">
            <strong>${label}</strong> can only be read so far. For bookings to be written into it, say so at
            Google.
          </p>
          <${GoogleButton}
            consent=${{ connectionId: id, write: true }}
            label="Allow writing"
            about=${`into ${label}`}
            isSmall
          />
        </div>`,
    )}
  </div>`;
}

function keyOf(connectionId: string, calendarId: string): string {
  return `${connectionId} ${calendarId}`;
}
