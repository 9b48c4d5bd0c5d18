/** Everything about one availability: name, zone, weekly hours, dates that differ, and the dates on which it holds. */

import { html } from "htm/preact";
import type { AvailabilityJson } from "../../worker/wire.ts";
import type { AvailabilityErrors, AvailabilityForm } from "../availability-form.ts";
import { localDate } from "../clock-format.ts";
import type { WeeklyHours } from "../weekly-hours.ts";
import { TextField } from "./field.ts";
import { OverridesEditor } from "./overrides-editor.ts";
import { SeasonFields } from "./season-fields.ts";
import { WeeklyEditor } from "./weekly-editor.ts";
import { ZoneSelect } from "./zone-select.ts";

interface AvailabilityFieldsProps {
  form: AvailabilityForm;
  errors: AvailabilityErrors;
  /** Whether these are the first hours, which simply hold. */
  isFirst: boolean;
  /** Hours whose place these may take. */
  replaceable: readonly AvailabilityJson[];
  onChange: (form: AvailabilityForm) => void;
}

export function AvailabilityFields({
  form,
  errors,
  isFirst,
  replaceable,
  onChange,
}: AvailabilityFieldsProps) {
  return html`<div class="form-stack">
    <div class="field-row">
      <${TextField}
        id="availability-name"
        label="Name of these hours"
        hint="To tell your hours apart. Public, like the rest."
        maxLength=${64}
        placeholder=${form.insteadOfRkey === "" ? "Working hours" : "Summer hours"}
        value=${form.name}
        error=${errors.name}
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
    ${!isFirst && html`<${SeasonFields} form=${form} errors=${errors} replaceable=${replaceable} onChange=${onChange} />`}
  </div>`;
}
