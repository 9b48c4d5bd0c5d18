/** From a month of free times to a booking: choose, fill the form, send, see the result. Judges no slot: the worker does. */

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { BookingJson, HostJson, MeetingTypeJson } from "../../worker/wire.ts";
import { call, mayRepeat, type Failure } from "../api.ts";
import {
  bookingInput,
  draftFor,
  dropBookingDraft,
  findBookingDraft,
  keepBookingDraft,
  type BookingDraft,
} from "../booking-draft.ts";
import { asksForAnotherTime, requestBooking } from "../booking-request.ts";
import { clockTime, longDay } from "../clock-format.ts";
import { minutesBetween, pickedDuration } from "../duration-choice.ts";
import { useLoad } from "../load.ts";
import { navigate, searchWith, segment, type Place } from "../router.ts";
import { forgetSession, useSession } from "../session.ts";
import { useViewerTime } from "../viewer-time.ts";
import { BookingDone } from "./booking-done.ts";
import { MeetingAbout } from "./meeting-about.ts";
import { Loading } from "./notice.ts";
import { RequestForm } from "./request-form.ts";
import { TimePicker } from "./time-picker.ts";

interface BookingFlowProps {
  actor: string;
  host: HostJson;
  meetingType: MeetingTypeJson;
  place: Place;
  /** Asks for the host again: their meeting types are no longer as given here. */
  onStale: () => void;
}

export function BookingFlow({ actor, host, meetingType, place, onStale }: BookingFlowProps) {
  const page = `${host.did}/${meetingType.rkey}`;
  const { zone, hourCycle } = useViewerTime();
  const session = useSession();
  const [draft, setDraft] = useState(() => findBookingDraft(sessionStorage, page, Date.now()));
  const [choosing, setChoosing] = useState(draft === undefined);
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const [done, setDone] = useState<BookingJson | undefined>();
  const booked = new URLSearchParams(place.search).get("booked") ?? undefined;
  const before = useLoad(done ? undefined : booked, () =>
    call<{ booking: BookingJson }>("GET", `/api/bookings/${segment(booked ?? "")}`),
  );
  const isSending = useRef(false);

  const keep = (next: BookingDraft): void => {
    setDraft(next);
    keepBookingDraft(sessionStorage, page, next, Date.now());
  };

  const replaceSearch = (changes: Record<string, string>): void =>
    navigate(place.pathname + searchWith(place.search, changes), { replace: true });

  const send = async (from: BookingDraft): Promise<void> => {
    if (isSending.current) return;
    isSending.current = true;
    setSending(true);
    setFailure(undefined);
    // Kept before it leaves: when the answer is lost, even with the whole tab, the same request is repeated.
    keep({ ...from, sent: true });
    const answer = await requestBooking(bookingInput(from, host.did, meetingType.rkey));
    isSending.current = false;
    setSending(false);
    if (answer.ok) {
      dropBookingDraft(sessionStorage, page);
      setDone(answer.value.booking);
      // So that a reload shows the result again, and not an empty month that invites to book twice.
      replaceSearch({ booked: answer.value.booking.uid });
      return;
    }
    setFailure(answer.failure);
    if (mayRepeat(answer.failure)) return;
    const { error, status } = answer.failure;
    // Answered, so the next attempt is a new request; being asked to sign in or to wait decided nothing.
    const isUndecided = status === 401 || status === 429;
    keep({ ...from, sent: false, requestId: isUndecided ? from.requestId : crypto.randomUUID() });
    if (status === 401) forgetSession();
    if (error === "DurationNotOffered") onStale();
    if (asksForAnotherTime(error)) setChoosing(true);
  };

  const signedIn = session.state === "in";
  useEffect(() => {
    if (signedIn && draft?.sent && !choosing) void send(draft);
  }, [signedIn]);

  const startAt = draft ? Date.parse(draft.start) : 0;
  const chosenTime = draft ? `${longDay(startAt, zone)}, ${clockTime(startAt, zone, hourCycle)}` : "";

  const picked = pickedDuration(meetingType, place.search);
  const result = booked ? (done ?? before.value?.booking) : undefined;
  const chosen = result ?? (choosing ? undefined : draft);

  const content = (): unknown => {
    if (result) return html`<${BookingDone} booking=${result} />`;
    if (before.loading) return html`<${Loading} label="Looking up your booking" />`;
    if (draft && !choosing) {
      return html`<${RequestForm}
        draft=${draft}
        host=${host}
        meetingType=${meetingType}
        returnTo=${place.pathname + searchWith(place.search, { booked: undefined })}
        sending=${sending}
        failure=${failure}
        onChange=${keep}
        onSend=${() => send(draft)}
        onBack=${() => {
          setFailure(undefined);
          setChoosing(true);
          dropBookingDraft(sessionStorage, page);
        }}
      />`;
    }
    return html`<${TimePicker}
      host=${host}
      meetingType=${meetingType}
      durationMinutes=${picked}
      startFrom=${draft?.start}
      problem=${failure && (failure.error === "SlotTaken" ? `${chosenTime} was just taken. Here are the times that are still free.` : failure.message)}
      onDuration=${(minutes: number) => {
        setFailure(undefined);
        replaceSearch({ duration: String(minutes) });
      }}
      onStale=${onStale}
      onChoose=${(slot: { start: string; end: string }) => {
        setFailure(undefined);
        keep(draftFor(slot, crypto.randomUUID(), draft));
        setChoosing(false);
      }}
    />`;
  };

  return html`<div class="page booking-page">
    <div class="card booking-card">
      <${MeetingAbout}
        actor=${actor}
        host=${host}
        meetingType=${meetingType}
        durationMinutes=${chosen ? minutesBetween(chosen.start, chosen.end) : picked}
      />
      <div class="booking-main">${content()}</div>
    </div>
  </div>`;
}
