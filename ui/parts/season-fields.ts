/** The dates on which hours hold, and whose place they take then. Closed for the many hours that simply hold. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { AvailabilityJson } from "../../worker/wire.ts";
import type { AvailabilityErrors, AvailabilityForm } from "../availability-form.ts";
import { SelectField, TextField } from "./field.ts";

interface SeasonFieldsProps {
  form: AvailabilityForm;
  errors: AvailabilityErrors;
  /** Hours whose place these may take; without any, only dates are asked for. */
  replaceable: readonly AvailabilityJson[];
  onChange: (form: AvailabilityForm) => void;
}

export function SeasonFields({ form, errors, replaceable, onChange }: SeasonFieldsProps) {
  const { from, until, insteadOfRkey } = form;
  const [open, setOpen] = useState(from !== "" || until !== "" || insteadOfRkey !== "");
  const date = (field: "from" | "until", label: string) =>
    html`<${TextField}
      id=${`availability-${field}`}
      type="date"
      label=${label}
      value=${form[field]}
      error=${field === "until" ? errors.until : undefined}
      onValue=${(value: string) => onChange({ ...form, [field]: value })}
    />`;
  return html`<details
    class="more"
    open=${open || errors.until !== undefined}
    onToggle=${(event: { currentTarget: HTMLDetailsElement }) => setOpen(event.currentTarget.open)}
  >
    <summary>Only for a while, such as summer hours</summary>
    <div class="form-stack">
      <div role="group" aria-label="Dates" aria-describedby="season-dates-hint">
        <div class="field-row">
          ${date("from", "First date (optional)")}${date("until", "Last date (optional)")}
        </div>
        <p class="hint" id="season-dates-hint">
          Both are included, and these hours begin and end by themselves. Outside their dates they offer
          nothing.
        </p>
      </div>
      ${(replaceable.length > 0 || insteadOfRkey !== "") && html`<${InsteadOf} form=${form} replaceable=${replaceable} onChange=${onChange} />`}
    </div>
  </details>`;
}

function InsteadOf({ form, replaceable, onChange }: Omit<SeasonFieldsProps, "errors">) {
  const { from, until, insteadOfRkey } = form;
  const replaced = replaceable.find((each) => each.rkey === insteadOfRkey);
  const lost = { value: insteadOfRkey, label: "Hours that no longer exist" };
  const hint = (): string => {
    if (!replaced)
      return "Choose your usual hours to replace them on these dates: what can be booked during them then follows the hours above.";
    if (from === "" && until === "")
      return `Without a date these hours always replace “${replaced.name}”. Give at least one.`;
    return `On these dates, all that can be booked during “${replaced.name}” follows the hours above. Days off in “${replaced.name}” stay days off.`;
  };
  return html`<${SelectField}
    id="availability-instead-of"
    label="Instead of"
    hint=${hint()}
    isWarning=${replaced !== undefined && from === "" && until === ""}
    value=${insteadOfRkey}
    choices=${[
      { value: "", label: "No other hours" },
      ...replaceable.map((each) => ({ value: each.rkey, label: each.name })),
      ...(insteadOfRkey === "" || replaced ? [] : [lost]),
    ]}
    onValue=${(value: string) => onChange({ ...form, insteadOfRkey: value })}
  />`;
}
