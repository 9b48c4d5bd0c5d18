/** The form of one availability, with a first meeting type where there is none yet: filling in, saving, deleting. */

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import type { AvailabilityJson, MeetingTypeJson } from "../../worker/wire.ts";
import {
  availabilityFromForm,
  formFromAvailability,
  newAvailability,
  newSeasonOf,
  type AvailabilityErrors,
  type AvailabilityForm,
} from "../availability-form.ts";
import { browserZone } from "../clock-format.ts";
import {
  meetingTypeFromForm,
  NEW_MEETING_TYPE,
  type FieldErrors,
  type MeetingTypeForm,
} from "../meeting-type-form.ts";
import { hasFields, useRecordWrite } from "../record-write.ts";
import { navigate, segment } from "../router.ts";
import { replaceableBy, seasonsOf } from "../season.ts";
import { askSession, type Account } from "../session.ts";
import { AvailabilityFields } from "./availability-fields.ts";
import { HoursInUse } from "./hours-in-use.ts";
import { MeetingTypeFields } from "./meeting-type-fields.ts";
import { ErrorNotice, PageTitle } from "./notice.ts";
import { PermissionNotice } from "./permission-notice.ts";
import { DeleteRecordDialog, RecordFormActions } from "./record-form.ts";
import { SeasonList } from "./season-list.ts";

interface AvailabilityEditorProps {
  account: Account;
  existing: AvailabilityJson | undefined;
  /** All hours of the host. */
  all: readonly AvailabilityJson[];
  /** The hours whose place new ones shall take. */
  usual: AvailabilityJson | undefined;
  /** Meeting types that would lose their hours: while there are some, the worker deletes nothing. */
  usedBy: readonly MeetingTypeJson[];
  /** Back from the PDS with permission: what was kept is saved at once. */
  resumes: boolean;
}

interface FormErrors {
  readonly availability: AvailabilityErrors;
  readonly meetingType: FieldErrors;
}

interface Form {
  readonly availability: AvailabilityForm;
  readonly meetingType: MeetingTypeForm;
}

export function AvailabilityEditor(props: AvailabilityEditorProps) {
  const { account, existing, all, usual, usedBy, resumes } = props;
  const isFirst = all.length === 0;
  const path = existing ? `/availability/${segment(existing.rkey)}` : "/availability/new";
  const write = useRecordWrite<Form>(path, isForm);
  const [form, setForm] = useState<Form>(() => write.kept ?? startForm(existing, usual));
  const [errors, setErrors] = useState<FormErrors>({ availability: {}, meetingType: {} });
  const [deleting, setDeleting] = useState(false);
  const seasons = seasonsOf(existing?.rkey, all);

  const save = async (): Promise<void> => {
    const availability = availabilityFromForm(form.availability);
    const meetingType = meetingTypeFromForm(form.meetingType);
    const isWrong = !availability.ok || (isFirst && !meetingType.ok);
    setErrors({
      availability: availability.ok ? {} : availability.errors,
      meetingType: !isFirst || meetingType.ok ? {} : meetingType.errors,
    });
    if (isWrong) {
      // The first wrong field, once it is marked.
      setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 0);
      return;
    }
    const input = availability.value;
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

  const newTitle = usual ? "New hours for a season" : "New hours";
  const title = existing ? "Edit hours" : isFirst ? "Set up your availability" : newTitle;
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
          errors=${errors.availability}
          isFirst=${isFirst}
          replaceable=${replaceableBy(existing?.rkey, all)}
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
              onDelete=${existing && usedBy.length + seasons.length === 0 ? () => setDeleting(true) : undefined}
            />`
      }
    </form>
    ${existing && existing.insteadOfRkey === undefined && html`<${SeasonList} usual=${existing} seasons=${seasons} />`}
    <${HoursInUse} usedBy=${usedBy} seasons=${seasons} />
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

function startForm(existing: AvailabilityJson | undefined, usual: AvailabilityJson | undefined): Form {
  const start = usual ? newSeasonOf(usual) : newAvailability(browserZone());
  return { availability: existing ? formFromAvailability(existing) : start, meetingType: NEW_MEETING_TYPE };
}

function isForm(value: unknown): value is Form {
  return (
    hasFields(value, ["availability", "meetingType"]) &&
    hasFields(value["availability"], Object.keys(newAvailability("UTC"))) &&
    hasFields(value["meetingType"], Object.keys(NEW_MEETING_TYPE))
  );
}
