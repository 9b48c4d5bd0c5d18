/** Everything about one meeting type; what most people leave alone is behind "More options". */

import { html } from "htm/preact";
import { durationLabel } from "../clock-format.ts";
import type { FieldErrors, MeetingTypeForm } from "../meeting-type-form.ts";
import { DurationFields } from "./duration-fields.ts";
import { RadioCards, SelectField, TextField } from "./field.ts";

interface MeetingTypeFieldsProps {
  form: MeetingTypeForm;
  errors: FieldErrors;
  onChange: (form: MeetingTypeForm) => void;
}

const HIDDEN_FIELDS = [
  "slotIntervalMinutes",
  "bufferBeforeMinutes",
  "bufferAfterMinutes",
  "minimumNoticeMinutes",
  "horizonDays",
  "maxPerDay",
  "maxPerWeek",
] as const;

const BOOKABLE_BY: readonly { value: MeetingTypeForm["bookableBy"]; label: string }[] = [
  { value: "anyone", label: "Anyone who signs in" },
  { value: "followers", label: "My followers" },
  { value: "following", label: "People I follow" },
  { value: "mutuals", label: "Mutual follows" },
];

export function MeetingTypeFields({ form, errors, onChange }: MeetingTypeFieldsProps) {
  const set = (change: Partial<MeetingTypeForm>): void => onChange({ ...form, ...change });
  const text = (field: keyof MeetingTypeForm, label: string, more: Record<string, unknown> = {}) =>
    html`<${TextField}
      id=${`meeting-${field}`}
      label=${label}
      value=${form[field]}
      error=${errors[field]}
      onValue=${(value: string) => set({ [field]: value })}
      ...${more}
    />`;
  const minutes = { inputmode: "numeric", unit: "min" };
  const count = { inputmode: "numeric" };
  const hasHiddenError = HIDDEN_FIELDS.some((field) => errors[field] !== undefined);

  return html`<div class="form-stack">
    ${text("title", "Title", { maxLength: 100, placeholder: "Intro call" })}
    <${DurationFields} form=${form} errors=${errors} onChange=${onChange} />
    <${RadioCards}
      legend="When somebody asks"
      name="approval"
      value=${form.approval}
      choices=${[
        { value: "manual", label: "I approve each request", hint: "The time is held until you answer." },
        { value: "automatic", label: "Confirm at once", hint: "Whoever picks a free time has it." },
      ]}
      onValue=${(value: string) => set({ approval: value === "automatic" ? "automatic" : "manual" })}
    />
    ${text("description", "Description (optional)", { multiline: true, maxLength: 2000 })}
    ${text("location", "Where (optional)", { maxLength: 300, hint: "A video link, a phone number or an address. It is public, like the rest of this form." })}
    <details class="more" open=${hasHiddenError || undefined}>
      <summary>More options</summary>
      <div class="form-stack">
        <div class="field-grid">
          ${text("minimumNoticeMinutes", "Minimum notice", { ...minutes, hint: noticeHint(form.minimumNoticeMinutes) })}
          ${text("horizonDays", "Days ahead", { inputmode: "numeric", unit: "days", hint: "How far into the future." })}
          ${text("bufferBeforeMinutes", "Buffer before", minutes)}
          ${text("bufferAfterMinutes", "Buffer after", minutes)}
          ${text("slotIntervalMinutes", "Start times every", { ...minutes, hint: "Empty: one meeting after the other." })}
          <${SelectField}
            id="meeting-bookable-by"
            label="Who may book"
            value=${form.bookableBy}
            choices=${BOOKABLE_BY}
            onValue=${(value: string) => set({ bookableBy: value as MeetingTypeForm["bookableBy"] })}
          />
          ${text("maxPerDay", "Limit per day", { ...count, hint: "Of this meeting, on one date. Empty: no limit." })}
          ${text("maxPerWeek", "Limit per week", { ...count, hint: "Monday to Sunday. Empty: no limit." })}
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked=${form.active}
            onChange=${(event: { currentTarget: HTMLInputElement }) => set({ active: event.currentTarget.checked })}
          />
          <span>Can be booked now</span>
        </label>
      </div>
    </details>
  </div>`;
}

function noticeHint(typed: string): string {
  const minutes = /^\d{1,6}$/.test(typed.trim()) ? Number(typed) : 0;
  if (minutes === 0) return "Bookable up to the last minute.";
  return minutes < 2880
    ? `That is ${durationLabel(minutes)}.`
    : `That is about ${Math.round(minutes / 1440)} days.`;
}
