/** Everything about one meeting type; what most people leave alone is behind "More options". */

import { html } from "htm/preact";
import { durationLabel } from "../clock-format.ts";
import type { FieldErrors, MeetingTypeForm } from "../meeting-type-form.ts";
import { RadioCards, TextField } from "./field.ts";

interface MeetingTypeFieldsProps {
  form: MeetingTypeForm;
  errors: FieldErrors;
  onChange: (form: MeetingTypeForm) => void;
}

const DURATIONS = [15, 30, 45, 60, 90];

const HIDDEN_FIELDS = [
  "slotIntervalMinutes",
  "bufferBeforeMinutes",
  "bufferAfterMinutes",
  "minimumNoticeMinutes",
  "horizonDays",
] as const;

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
  const hasHiddenError = HIDDEN_FIELDS.some((field) => errors[field] !== undefined);

  return html`<div class="form-stack">
    ${text("title", "Title", { maxLength: 100, placeholder: "Intro call" })}
    <div class="duration-row">
      ${text("durationMinutes", "Duration", minutes)}
      <div class="presets" role="group" aria-label="Common lengths">
        ${DURATIONS.map(
          (each) =>
            html`<button
              type="button"
              key=${each}
              class="chip-button"
              aria-pressed=${form.durationMinutes === String(each)}
              onClick=${() => set({ durationMinutes: String(each) })}
            >
              ${durationLabel(each)}
            </button>`,
        )}
      </div>
    </div>
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
          ${text("slotIntervalMinutes", "Start times every", { ...minutes, hint: "Empty: every duration." })}
          <div class="field">
            <label for="meeting-bookable-by">Who may book</label>
            <select
              id="meeting-bookable-by"
              value=${form.bookableBy}
              onChange=${(event: { currentTarget: HTMLSelectElement }) =>
                set({ bookableBy: event.currentTarget.value as MeetingTypeForm["bookableBy"] })}
            >
              <option value="anyone">Anyone who signs in</option>
              <option value="followers">My followers</option>
              <option value="following">People I follow</option>
              <option value="mutuals">Mutual follows</option>
            </select>
          </div>
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
