/** A labelled form field with its hint and its error tied to it for screen readers. Holds no value. */

import { html } from "htm/preact";
import type { ComponentChildren } from "preact";

interface FieldProps {
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  children?: ComponentChildren;
}

function Field({ id, label, hint, error, children }: FieldProps) {
  return html`<div class=${error ? "field field-wrong" : "field"}>
    <label for=${id}>${label}</label>
    ${children} ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${error && html`<p class="field-error" role="alert" id=${`${id}-error`}>${error}</p>`}
  </div>`;
}

interface TextFieldProps extends FieldProps {
  value: string;
  onValue: (value: string) => void;
  type?: string;
  multiline?: boolean;
  required?: boolean;
  disabled?: boolean;
  maxLength?: number;
  min?: string;
  placeholder?: string;
  autocomplete?: string;
  inputmode?: string;
  /** Shown inside, after the number: `min`. */
  unit?: string;
}

/** Without a last date browsers let years of six digits in, which are no dates here. */
const LAST_DATE = "9999-12-31";

export function TextField(props: TextFieldProps) {
  const { id, label, hint, error, value, onValue, multiline, unit, ...rest } = props;
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  const onInput = (event: { currentTarget: HTMLInputElement }): void => onValue(event.currentTarget.value);
  const shared = {
    ...rest,
    max: rest.type === "date" ? LAST_DATE : undefined,
    id,
    value,
    onInput,
    "aria-describedby": describedBy,
    "aria-invalid": error ? "true" : undefined,
  };
  const input = multiline
    ? html`<textarea rows="4" ...${shared}></textarea>`
    : html`<input type="text" ...${shared} />`;
  return html`<${Field} id=${id} label=${label} hint=${hint} error=${error}>
    ${unit ? html`<div class="with-unit">${input}<span class="unit" aria-hidden="true">${unit}</span></div>` : input}
  <//>`;
}

interface SelectFieldProps extends FieldProps {
  value: string;
  choices: readonly { value: string; label: string }[];
  /** Whether the hint says that something may be wrong. */
  isWarning?: boolean;
  onValue: (value: string) => void;
}

export function SelectField({ id, label, hint, isWarning, value, choices, onValue }: SelectFieldProps) {
  return html`<div class=${isWarning ? "field field-doubtful" : "field"}>
    <label for=${id}>${label}</label>
    <select
      id=${id}
      value=${value}
      aria-describedby=${hint ? `${id}-hint` : undefined}
      onChange=${(event: { currentTarget: HTMLSelectElement }) => onValue(event.currentTarget.value)}
    >
      ${choices.map((each) => html`<option key=${each.value} value=${each.value}>${each.label}</option>`)}
    </select>
    ${hint && html`<p class="hint" id=${`${id}-hint`} aria-live="polite">${hint}</p>`}
  </div>`;
}

interface ChoiceProps {
  legend: string;
  name: string;
  value: string;
  choices: readonly { value: string; label: string; hint?: string }[];
  onValue: (value: string) => void;
}

export function RadioCards({ legend, name, value, choices, onValue }: ChoiceProps) {
  return html`<fieldset class="field">
    <legend>${legend}</legend>
    <div class="radio-cards">
      ${choices.map(
        (choice) =>
          html`<label class="radio-card" key=${choice.value}>
            <input
              type="radio"
              name=${name}
              value=${choice.value}
              checked=${choice.value === value}
              onChange=${() => onValue(choice.value)}
            />
            <span
              ><strong>${choice.label}</strong
              >${choice.hint && html`<span class="hint">${choice.hint}</span>`}</span
            >
          </label>`,
      )}
    </div>
  </fieldset>`;
}
