/** One attempt to book: the choice, its hold, and the sending of it until it is answered. Kept in this tab; shows nothing. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { BookingJson } from "../worker/wire.ts";
import { mayRepeat, type Failure } from "./api.ts";
import {
  bookingInput,
  draftFor,
  dropBookingDraft,
  findBookingDraft,
  keepBookingDraft,
  withoutHold,
  type BookingDraft,
} from "./booking-draft.ts";
import { requestBooking } from "./booking-request.ts";
import { useHold, type HoldView } from "./hold-keeper.ts";
import { asksForAnotherTime, saysHostChanged } from "./refusal-meaning.ts";
import { forgetSession, useSession } from "./session.ts";

interface BookingAttemptInput {
  /** DID. */
  host: string;
  meetingType: string;
  /** In which the booker reads times. */
  timeZone: string;
  onDone: (booking: BookingJson) => void;
  /** The host's meeting types are no longer as they were. */
  onStale: () => void;
}

export interface BookingAttempt {
  readonly draft: BookingDraft | undefined;
  /** Whether the times are shown, and not the form. */
  readonly isChoosing: boolean;
  readonly sending: boolean;
  readonly failure: Failure | undefined;
  readonly hold: HoldView;
  readonly holdAgain: () => void;
  readonly choose: (slot: { start: string; end: string }) => void;
  readonly edit: (change: Partial<Pick<BookingDraft, "note" | "email">>) => void;
  readonly send: () => void;
  readonly back: () => void;
  readonly forgetFailure: () => void;
}

export function useBookingAttempt({
  host,
  meetingType,
  timeZone,
  onDone,
  onStale,
}: BookingAttemptInput): BookingAttempt {
  const page = `${host}/${meetingType}`;
  const session = useSession();
  const [draft, setDraft] = useState(() => findBookingDraft(sessionStorage, page, Date.now()));
  const [isChoosing, setChoosing] = useState(draft === undefined);
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const isSending = useRef(false);
  // Answers come between two renderings: they are added to what is so then.
  const latest = useRef(draft);

  const keep = (next: BookingDraft): void => {
    latest.current = next;
    setDraft(next);
    keepBookingDraft(sessionStorage, page, next, Date.now());
  };
  const forget = (): void => {
    latest.current = undefined;
    setDraft(undefined);
    dropBookingDraft(sessionStorage, page);
  };
  const backToTimes = (because: Failure): void => {
    // What was written stays for the next choice; a reload begins with the times.
    if (latest.current) keep(withoutHold(latest.current));
    dropBookingDraft(sessionStorage, page);
    setFailure(because);
    setChoosing(true);
    if (saysHostChanged(because.error)) onStale();
  };

  const hold = useHold({
    host,
    meetingType,
    draft: isChoosing ? undefined : draft,
    latest: () => latest.current,
    keep,
    onRefused: backToTimes,
  });

  const send = async (): Promise<void> => {
    const from = latest.current;
    if (!from || isSending.current) return;
    isSending.current = true;
    setSending(true);
    setFailure(undefined);
    // Kept before it leaves: when the answer is lost, even with the whole tab, the same request is repeated.
    const sent = from.sent ? from : { ...from, timeZone, sent: true };
    keep(sent);
    const answer = await requestBooking(bookingInput(sent, host, meetingType));
    isSending.current = false;
    setSending(false);
    if (answer.ok) {
      forget();
      onDone(answer.value.booking);
      return;
    }
    setFailure(answer.failure);
    if (mayRepeat(answer.failure)) return;
    const { error, status } = answer.failure;
    // Answered, so the next attempt is a new request; being asked to sign in or to wait decided nothing.
    const isUndecided = status === 401 || status === 429;
    keep({ ...from, sent: false, requestId: isUndecided ? from.requestId : crypto.randomUUID() });
    if (status === 401) forgetSession();
    if (asksForAnotherTime(error)) backToTimes(answer.failure);
  };

  const signedIn = session.state === "in";
  useEffect(() => {
    if (signedIn && latest.current?.sent && !isChoosing) void send();
  }, [signedIn]);

  return {
    draft,
    isChoosing,
    sending,
    failure,
    hold: hold.view,
    holdAgain: hold.again,
    choose(slot) {
      setFailure(undefined);
      keep(draftFor(slot, crypto.randomUUID(), latest.current));
      setChoosing(false);
    },
    edit(change) {
      if (latest.current) keep({ ...latest.current, ...change });
    },
    send: () => void send(),
    back() {
      hold.letGo();
      setFailure(undefined);
      setChoosing(true);
      dropBookingDraft(sessionStorage, page);
    },
    forgetFailure: () => setFailure(undefined),
  };
}
