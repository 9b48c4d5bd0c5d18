/** Everything about one availability: name, zone, weekly hours, dates that differ. */

import { html } from "htm/preact";
import type { AvailabilityInput } from "../../worker/wire.ts";
import { localDate } from "../clock-format.ts";
import type { WeeklyHours } from "../weekly-hours.ts";
import { TextField } from "./field.ts";
import { OverridesEditor } from "./overrides-editor.ts";
import { WeeklyEditor } from "./weekly-editor.ts";
import { ZoneSelect } from "./zone-select.ts";

export interface AvailabilityForm {
  readonly name: string;
  readonly timeZone: string;
  readonly hours: WeeklyHours;
  readonly overrides: NonNullable<AvailabilityInput["overrides"]>;
}

interface AvailabilityFieldsProps {
  form: AvailabilityForm;
  nameError: string | undefined;
  onChange: (form: AvailabilityForm) => void;
}

export function AvailabilityFields({ form, nameError, onChange }: AvailabilityFieldsProps) {
  return html`<div class="form-stack">
    <div class="field-row">
      <${TextField}
        id="availability-name"
        label="Name of these hours"
        hint="To tell your hours apart. Public, like the rest."
        maxLength=${64}
        value=${form.name}
        error=${nameError}
        onValue=${(name: string) => onChange({ ...form, name })}
      />
      <${ZoneSelect}
        id="availability-zone"
        label="Time zone"
        hint="Your hours are meant in this zone."
        value=${form.timeZone}
        onValue=${(timeZone: string) => onChange({ ...form, timeZone })}
      />
    </div>
    <${WeeklyEditor} hours=${form.hours} onChange=${(hours: WeeklyHours) => onChange({ ...form, hours })} />
    <${OverridesEditor}
      overrides=${form.overrides}
      today=${localDate(Date.now(), form.timeZone)}
      onChange=${(overrides: AvailabilityForm["overrides"]) => onChange({ ...form, overrides })}
    />
  </div>`;
}
