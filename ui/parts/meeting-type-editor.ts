/** The form of one meeting type: filling in, saving, deleting. */

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import type { AvailabilityJson, MeetingTypeInput, MeetingTypeJson } from "../../worker/wire.ts";
import { wallTimeLabel } from "../clock-format.ts";
import {
  formFromMeetingType,
  meetingTypeFromForm,
  NEW_MEETING_TYPE,
  type FieldErrors,
  type MeetingTypeForm,
} from "../meeting-type-form.ts";
import { hasFields, useRecordWrite } from "../record-write.ts";
import { navigate, segment } from "../router.ts";
import { hoursSummary } from "../season.ts";
import { askSession, type Account } from "../session.ts";
import { useViewerTime } from "../viewer-time.ts";
import { SelectField } from "./field.ts";
import { MeetingTypeFields } from "./meeting-type-fields.ts";
import { ErrorNotice, PageTitle } from "./notice.ts";
import { PermissionNotice } from "./permission-notice.ts";
import { DeleteRecordDialog, RecordFormActions } from "./record-form.ts";

interface MeetingTypeEditorProps {
  account: Account;
  existing: MeetingTypeJson | undefined;
  /** At least one. */
  availability: readonly AvailabilityJson[];
  resumes: boolean;
}

interface Form {
  readonly meetingType: MeetingTypeForm;
  readonly availabilityRkey: string;
}

export function MeetingTypeEditor({ account, existing, availability, resumes }: MeetingTypeEditorProps) {
  const path = existing ? `/meeting-types/${segment(existing.rkey)}` : "/meeting-types/new";
  const write = useRecordWrite<Form>(path, isForm);
  const { hourCycle } = useViewerTime();
  const [form, setForm] = useState<Form>(
    () =>
      write.kept ?? {
        meetingType: existing ? formFromMeetingType(existing) : NEW_MEETING_TYPE,
        availabilityRkey: existing?.availabilityRkey ?? availability[0]?.rkey ?? "",
      },
  );
  const [errors, setErrors] = useState<FieldErrors>({});
  const [deleting, setDeleting] = useState(false);
  const chosen = availability.find((each) => each.rkey === form.availabilityRkey);

  const save = async (): Promise<void> => {
    const checked = meetingTypeFromForm(form.meetingType);
    setErrors(checked.ok ? {} : checked.errors);
    if (!checked.ok) {
      setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 0);
      return;
    }
    const body: MeetingTypeInput = { ...checked.value, availabilityRkey: form.availabilityRkey };
    const saved = existing
      ? await write.save("PUT", `/api${path}`, body, form)
      : await write.save("POST", "/api/meeting-types", body, form);
    if (saved) navigate("/settings");
  };

  useEffect(() => {
    if (!resumes) return;
    // A later reload of this page must not save again.
    navigate(path, { replace: true });
    void askSession();
    if (write.kept) void save();
  }, []);

  return html`<div class="page medium">
    <p><a class="quiet-link back" href="/settings">Settings</a></p>
    <${PageTitle} title=${existing ? "Edit meeting type" : "New meeting type"} />
    <form
      novalidate
      onSubmit=${(event: Event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div class="card">
        <${MeetingTypeFields}
          form=${form.meetingType}
          errors=${errors}
          onChange=${(meetingType: MeetingTypeForm) => setForm({ ...form, meetingType })}
        />
        <${SelectField}
          id="meeting-hours"
          label="Bookable during"
          hint=${chosen && hoursSummary(chosen, availability, (time) => wallTimeLabel(time, hourCycle))}
          value=${form.availabilityRkey}
          choices=${[
            ...(chosen ? [] : [{ value: form.availabilityRkey, label: "Hours that no longer exist" }]),
            ...availability.map((each) => ({ value: each.rkey, label: each.name })),
          ]}
          onValue=${(availabilityRkey: string) => setForm({ ...form, availabilityRkey })}
        />
      </div>
      ${write.failure && html`<${ErrorNotice} message=${write.failure.message} />`}
      ${
        write.needsPermission
          ? html`<${PermissionNotice} account=${account} returnTo=${`${path}?resume=1`} />`
          : html`<${RecordFormActions}
              saving=${write.saving}
              cancelHref="/settings"
              onDelete=${existing ? () => setDeleting(true) : undefined}
            />`
      }
    </form>
    ${
      deleting &&
      existing &&
      html`<${DeleteRecordDialog}
        name=${existing.title}
        confirmLabel="Delete meeting type"
        keepLabel="Keep it"
        path=${path}
        remove=${write.remove}
        onClose=${() => setDeleting(false)}
      >
        <p>The record is removed from your PDS and its link stops working. Bookings already made stay.</p>
      <//>`
    }
  </div>`;
}

function isForm(value: unknown): value is Form {
  return (
    hasFields(value, ["meetingType", "availabilityRkey"]) &&
    hasFields(value["meetingType"], Object.keys(NEW_MEETING_TYPE))
  );
}
