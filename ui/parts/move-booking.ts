/** Choosing another time for a booking, and moving it there after a question. Decides nothing: the worker does. */

import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import type { BookingJson, HostJson } from "../../worker/wire.ts";
import { call, mayRepeat, type Failure } from "../api.ts";
import { isStanding, sideOf } from "../booking-standing.ts";
import { clockRange, durationLabel, shortDay } from "../clock-format.ts";
import { minutesBetween } from "../duration-choice.ts";
import { hostLivePath, useLive } from "../live.ts";
import { useLoad } from "../load.ts";
import { asksForAnotherTime, problemText } from "../refusal-meaning.ts";
import { segment } from "../router.ts";
import { forgetSession } from "../session.ts";
import { untilAnswered } from "../until-answered.ts";
import { useViewerTime } from "../viewer-time.ts";
import { MoveDialog } from "./move-dialog.ts";
import { ErrorNotice, focusHeading, Loading, Notice, PageTitle } from "./notice.ts";
import { TimePicker } from "./time-picker.ts";

interface MoveBookingProps {
  booking: BookingJson;
  /** The signed-in person's DID. */
  did: string;
  /** Gets the booking as the worker answered it. */
  onMoved: (booking: BookingJson) => void;
  /** Asks for the booking again: it is not, or may not be, as it was. */
  onStale: () => void;
}

interface Choice {
  readonly start: string;
  readonly end: string;
  /** Made once per choice: a repeat with it never moves twice. */
  readonly requestId: string;
}

/** Why the time that was tried cannot be had. */
interface Problem {
  readonly text: string;
  /** Its start. */
  readonly tried: string;
  /** Which attempt it was: after each the times are asked for anew. */
  readonly attempt: string;
}

export function MoveBooking({ booking, did, onMoved, onStale }: MoveBookingProps) {
  const { zone, hourCycle } = useViewerTime();
  const host = useLoad(booking.host.did, () =>
    call<HostJson>("GET", `/api/hosts/${segment(booking.host.did)}`),
  );
  const live = useLive(hostLivePath(booking.host.did));
  const [choice, setChoice] = useState<Choice | undefined>();
  const [problem, setProblem] = useState<Problem | undefined>();
  const isUncertain = useRef(false);
  const page = `/bookings/${segment(booking.uid)}`;
  const side = sideOf(booking, did);
  const other = side === "host" ? booking.booker : booking.host;
  const minutes = minutesBetween(booking.start, booking.end);
  const meetingType = host.value?.meetingTypes.find((each) => each.rkey === booking.meetingType.rkey);
  const timeOf = ({ start, end }: { start: string; end: string }): string => {
    const startAt = Date.parse(start);
    return `${shortDay(startAt, zone)}, ${clockRange(startAt, Date.parse(end), zone, hourCycle)}`;
  };

  const move = async ({ start, end, requestId }: Choice): Promise<Failure | undefined> => {
    const answer = await untilAnswered(() =>
      call<{ booking: BookingJson }>("POST", `/api${page}/reschedule`, { start, requestId }),
    );
    isUncertain.current = !answer.ok && mayRepeat(answer.failure);
    if (answer.ok) {
      onMoved(answer.value.booking);
      return undefined;
    }
    const { failure } = answer;
    if (failure.status === 401) forgetSession();
    const isStale = failure.error === "WrongStatus";
    if (isStale) onStale();
    if (isStale || asksForAnotherTime(failure.error)) {
      const text = problemText(failure, timeOf({ start, end }));
      setProblem({ text, tried: start, attempt: requestId });
      focusHeading(() => document.getElementById("month-name"));
      return undefined;
    }
    if (!isUncertain.current) return failure;
    const message = `We have not heard back yet, so nothing is certain. Trying again never moves it twice. (${failure.message})`;
    return { ...failure, message };
  };
  const close = (): void => {
    setChoice(undefined);
    if (isUncertain.current) onStale();
    isUncertain.current = false;
  };

  const times = (): unknown => {
    if (!isStanding(booking, Date.now())) {
      return html`<${Notice} tone="warn">
        <p>${problem?.text ?? "This booking can no longer be moved."}</p>
        <p><a href=${page}>See the booking</a></p>
      <//>`;
    }
    if (!host.value && host.failure)
      return html`<${ErrorNotice} message=${host.failure.message} onRetry=${host.reload} />`;
    if (!host.value) return html`<${Loading} label="Looking up the host" />`;
    if (!meetingType) {
      return html`<${Notice} tone="warn">
        <p>This kind of meeting is no longer offered, so there are no other times for this one.</p>
        <p><a href=${page}>Back to the booking</a></p>
      <//>`;
    }
    return html`<${TimePicker}
        key=${problem?.attempt}
        host=${host.value.did}
        meetingType=${meetingType}
        durations=${[minutes]}
        durationMinutes=${minutes}
        live=${live}
        moving=${booking.uid}
        startFrom=${problem?.tried ?? booking.start}
        problem=${problem?.text}
        onStale=${host.reload}
        onChoose=${({ start, end }: Choice) => setChoice({ start, end, requestId: crypto.randomUUID() })}
      />
      ${
        choice &&
        html`<${MoveDialog}
          booking=${booking}
          side=${side}
          approval=${meetingType.approval}
          from=${timeOf(booking)}
          to=${timeOf(choice)}
          onConfirm=${() => move(choice)}
          onClose=${close}
        />`
      }`;
  };

  return html`<div class="page medium">
    <p><a class="quiet-link back" href=${page}>The booking</a></p>
    <${PageTitle} title="Move to another time" />
    <p class="muted">
      ${booking.meetingType.title} with <bdi>@${other.handle}</bdi>, ${durationLabel(minutes)}. Now it is
      ${" "}<strong class="nowrap">${timeOf(booking)}</strong>.
    </p>
    <div class="card">${times()}</div>
  </div>`;
}
