/** The form of one availability, with a first meeting type where there is none yet: filling in, saving, deleting. */

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import type { AvailabilityInput, AvailabilityJson, MeetingTypeJson } from "../../worker/wire.ts";
import { browserZone } from "../clock-format.ts";
import {
  meetingTypeFromForm,
  NEW_MEETING_TYPE,
  type FieldErrors,
  type MeetingTypeForm,
} from "../meeting-type-form.ts";
import { hasFields, useRecordWrite } from "../record-write.ts";
import { navigate, segment } from "../router.ts";
import { askSession, type Account } from "../session.ts";
import { DEFAULT_HOURS, hoursFromWeekly, weeklyFromHours } from "../weekly-hours.ts";
import { AvailabilityFields, type AvailabilityForm } from "./availability-fields.ts";
import { MeetingTypeFields } from "./meeting-type-fields.ts";
import { ErrorNotice, PageTitle } from "./notice.ts";
import { PermissionNotice } from "./permission-notice.ts";
import { DeleteRecordDialog, RecordFormActions } from "./record-form.ts";

interface AvailabilityEditorProps {
  account: Account;
  existing: AvailabilityJson | undefined;
  /** Meeting types that would lose their hours: while there are some, the worker deletes nothing. */
  usedBy: readonly MeetingTypeJson[];
  isFirst: boolean;
  /** Back from the PDS with permission: what was kept is saved at once. */
  resumes: boolean;
}

interface Form {
  readonly availability: AvailabilityForm;
  readonly meetingType: MeetingTypeForm;
}

export function AvailabilityEditor({ account, existing, usedBy, isFirst, resumes }: AvailabilityEditorProps) {
  const path = existing ? `/availability/${segment(existing.rkey)}` : "/availability/new";
  const write = useRecordWrite<Form>(path, isForm);
  const [form, setForm] = useState<Form>(() => write.kept ?? startForm(existing));
  const [errors, setErrors] = useState<{ name?: string; meetingType: FieldErrors }>({ meetingType: {} });
  const [deleting, setDeleting] = useState(false);

  const save = async (): Promise<void> => {
    const { name, timeZone, hours, overrides } = form.availability;
    const meetingType = meetingTypeFromForm(form.meetingType);
    const nameError = name.trim() === "" ? "Give these hours a name." : undefined;
    const wrong = isFirst && !meetingType.ok ? meetingType.errors : {};
    setErrors({ ...(nameError ? { name: nameError } : {}), meetingType: wrong });
    if (nameError || Object.keys(wrong).length > 0) {
      // The first wrong field, once it is marked.
      setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 0);
      return;
    }
    const input: AvailabilityInput = {
      name: name.trim(),
      timeZone,
      weekly: weeklyFromHours(hours),
      overrides,
    };
    const body = isFirst && meetingType.ok ? { ...input, meetingType: meetingType.value } : input;
    const saved = existing
      ? await write.save("PUT", `/api${path}`, body, form)
      : await write.save("POST", "/api/availability", body, form);
    if (saved) navigate(isFirst ? "/dashboard?published=1" : "/settings");
  };

  useEffect(() => {
    if (!resumes) return;
    // A later reload of this page must not save again.
    navigate(path, { replace: true });
    void askSession();
    if (write.kept) void save();
  }, []);

  const title = existing ? "Edit hours" : isFirst ? "Set up your availability" : "New hours";
  return html`<div class="page medium">
    ${existing && html`<p><a class="quiet-link back" href="/settings">Settings</a></p>`}
    <${PageTitle} title=${title} />
    ${isFirst && html`<p class="lead">Say when you are free and what can be booked. Both are saved as public records in your own PDS.</p>`}
    <form
      novalidate
      onSubmit=${(event: Event) => {
        event.preventDefault();
        void save();
      }}
    >
      <section class="card" aria-labelledby="hours-heading">
        <h2 id="hours-heading">When you are free</h2>
        <${AvailabilityFields}
          form=${form.availability}
          nameError=${errors.name}
          onChange=${(availability: AvailabilityForm) => setForm({ ...form, availability })}
        />
      </section>
      ${
        isFirst &&
        html`<section class="card" aria-labelledby="first-meeting-heading">
          <h2 id="first-meeting-heading">What can be booked</h2>
          <${MeetingTypeFields}
            form=${form.meetingType}
            errors=${errors.meetingType}
            onChange=${(meetingType: MeetingTypeForm) => setForm({ ...form, meetingType })}
          />
        </section>`
      }
      ${write.failure && html`<${ErrorNotice} message=${write.failure.message} />`}
      ${
        write.needsPermission
          ? html`<${PermissionNotice} account=${account} returnTo=${`${path}?resume=1`} />`
          : html`<${RecordFormActions}
              saving=${write.saving}
              saveLabel=${isFirst ? "Save and get my link" : "Save"}
              cancelHref=${isFirst ? "/dashboard" : "/settings"}
              onDelete=${existing && usedBy.length === 0 ? () => setDeleting(true) : undefined}
            />`
      }
    </form>
    ${
      usedBy.length > 0 &&
      html`<p class="hint">
        To delete these hours, first delete what can be booked during them, or give it other hours:${" "}
        ${usedBy.map((each, index) => html`${index > 0 && ", "}<a href=${`/meeting-types/${segment(each.rkey)}`}>${each.title}</a>`)}.
      </p>`
    }
    ${
      deleting &&
      existing &&
      html`<${DeleteRecordDialog}
        name=${existing.name}
        confirmLabel="Delete hours"
        keepLabel="Keep them"
        path=${path}
        remove=${write.remove}
        onClose=${() => setDeleting(false)}
      >
        <p>The record is removed from your PDS. Bookings already made stay.</p>
      <//>`
    }
  </div>`;
}

function startForm(existing: AvailabilityJson | undefined): Form {
  const availability: AvailabilityForm = existing
    ? { ...existing, hours: hoursFromWeekly(existing.weekly) }
    : { name: "Working hours", timeZone: browserZone(), hours: DEFAULT_HOURS, overrides: [] };
  const { name, timeZone, hours, overrides } = availability;
  return { availability: { name, timeZone, hours, overrides }, meetingType: NEW_MEETING_TYPE };
}

function isForm(value: unknown): value is Form {
  return (
    hasFields(value, ["availability", "meetingType"]) &&
    hasFields(value["availability"], ["name", "timeZone", "hours", "overrides"]) &&
    hasFields(value["meetingType"], Object.keys(NEW_MEETING_TYPE))
  );
}
