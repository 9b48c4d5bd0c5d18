/** From a month of free times to a booking: choose, fill the form, send, see the result. Judges no slot: the worker does. */

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { BookingJson, HostJson, MeetingTypeJson } from "../../worker/wire.ts";
import { call } from "../api.ts";
import { useBookingAttempt } from "../booking-attempt.ts";
import { clockTime, longDay } from "../clock-format.ts";
import { durationsOf, minutesBetween, pickedDuration } from "../duration-choice.ts";
import { hostLivePath, useLive } from "../live.ts";
import { useLoad } from "../load.ts";
import { problemText } from "../refusal-meaning.ts";
import { navigate, searchWith, segment, type Place } from "../router.ts";
import { useIsGone } from "../slot-watch.ts";
import { useViewerTime } from "../viewer-time.ts";
import { BookingDone } from "./booking-done.ts";
import { MeetingAbout } from "./meeting-about.ts";
import { focusHeading, Loading } from "./notice.ts";
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
  const { zone, hourCycle } = useViewerTime();
  const [done, setDone] = useState<BookingJson | undefined>();
  const replaceSearch = (changes: Record<string, string>): void =>
    navigate(place.pathname + searchWith(place.search, changes), { replace: true });
  const attempt = useBookingAttempt({
    host: host.did,
    meetingType: meetingType.rkey,
    timeZone: zone,
    onDone(booking) {
      setDone(booking);
      // So that a reload shows the result again, and not an empty month that invites to book twice.
      replaceSearch({ booked: booking.uid });
    },
    onStale,
  });
  const { draft, isChoosing, failure, hold } = attempt;
  const booked = new URLSearchParams(place.search).get("booked") ?? undefined;
  const before = useLoad(done ? undefined : booked, () =>
    call<{ booking: BookingJson }>("GET", `/api/bookings/${segment(booked ?? "")}`),
  );

  const wasChoosing = useRef(isChoosing);
  useEffect(() => {
    // What had the focus in the form is gone: a keyboard goes on at the month.
    if (isChoosing && !wasChoosing.current) focusHeading(() => document.getElementById("month-name"));
    wasChoosing.current = isChoosing;
  }, [isChoosing]);

  const live = useLive(hostLivePath(host.did));
  // What is held, or was sent, nobody else can take.
  const isWatched = draft && !isChoosing && !draft.sent && !["asking", "held"].includes(hold.state);
  const watched = isWatched ? { host: host.did, meetingType: meetingType.rkey, ...draft } : undefined;
  const isGone = useIsGone(live, watched);

  const startAt = draft ? Date.parse(draft.start) : 0;
  const chosenTime = draft ? `${longDay(startAt, zone)}, ${clockTime(startAt, zone, hourCycle)}` : "";

  const picked = pickedDuration(meetingType, place.search);
  const result = booked ? (done ?? before.value?.booking) : undefined;
  const chosen = result ?? (isChoosing ? undefined : draft);

  const content = (): unknown => {
    if (result) return html`<${BookingDone} booking=${result} />`;
    if (before.loading) return html`<${Loading} label="Looking up your booking" />`;
    if (draft && !isChoosing) {
      return html`<${RequestForm}
        draft=${draft}
        host=${host}
        meetingType=${meetingType}
        returnTo=${place.pathname + searchWith(place.search, { booked: undefined })}
        attempt=${attempt}
        isGone=${isGone}
      />`;
    }
    return html`<${TimePicker}
      host=${host.did}
      meetingType=${meetingType}
      durations=${durationsOf(meetingType)}
      durationMinutes=${picked}
      live=${live}
      startFrom=${draft?.start}
      problem=${failure && problemText(failure, chosenTime)}
      onDuration=${(minutes: number) => {
        attempt.forgetFailure();
        replaceSearch({ duration: String(minutes) });
      }}
      onStale=${onStale}
      onChoose=${attempt.choose}
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
