/** Keeps a hold on the slot whose form is shown: asks for it, notes it in the draft, lets go of it. Shows nothing, hinders nobody. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Failure } from "./api.ts";
import { withoutHold, type BookingDraft } from "./booking-draft.ts";
import { minutesBetween } from "./duration-choice.ts";
import { holdToAsk, runsOutAt } from "./hold.ts";
import { askHold, releaseHold } from "./hold-request.ts";
import { refusesBookingToo } from "./refusal-meaning.ts";
import { forgetSession, useAccount } from "./session.ts";

export type HoldView =
  /** There is nobody to hold it for, or it is being booked. */
  | { readonly state: "none" }
  | { readonly state: "asking" }
  | { readonly state: "held"; readonly runsOutAt: number }
  | { readonly state: "over" }
  /** It could not be held; it can be booked all the same. */
  | { readonly state: "unheld" };

interface HoldKeeperInput {
  /** DID. */
  host: string;
  meetingType: string;
  /** The choice whose form is shown; undefined while none is. */
  draft: BookingDraft | undefined;
  /** The choice as it is at this moment, and not at the last rendering. */
  latest: () => BookingDraft | undefined;
  keep: (draft: BookingDraft) => void;
  /** A booking would be refused for the same reason. */
  onRefused: (failure: Failure) => void;
}

interface HoldKeeper {
  readonly view: HoldView;
  /** Asks for a new hold in the place of one that ran out. */
  readonly again: () => void;
  readonly letGo: () => void;
}

export function useHold(input: HoldKeeperInput): HoldKeeper {
  const { host, meetingType, draft, latest, keep, onRefused } = input;
  const did = useAccount()?.did;
  const holder = did === host ? undefined : did;
  const [failed, setFailed] = useState<string | undefined>();

  const ask = async (isNew: boolean): Promise<void> => {
    const before = latest();
    if (!before || before.sent || holder === undefined) return;
    const hold = holdToAsk(isNew ? undefined : before.hold, holder, crypto.randomUUID(), Date.now());
    // Kept before it leaves: after a reload the same hold is asked for, and not a second one.
    keep({ ...before, hold });
    setFailed(undefined);
    const { requestId } = hold;
    const durationMinutes = minutesBetween(before.start, before.end);
    const answer = await askHold(
      { host, meetingType, start: before.start, durationMinutes, requestId },
      () => latest()?.hold?.requestId === requestId && !latest()?.sent,
    );
    const now = latest();
    if (now?.hold?.requestId !== requestId) {
      // They chose another time or left before the answer came.
      if (answer.ok) releaseHold(answer.value.hold.id, host);
      return;
    }
    // A request that is on its way must be repeated as it was, and consumes a hold that it does not name as well.
    if (now.sent) return;
    if (answer.ok) {
      const { id, expiresAt } = answer.value.hold;
      keep({ ...now, hold: { ...hold, given: { id, runsOutAt: runsOutAt(expiresAt, hold.askedAt) } } });
      return;
    }
    setFailed(requestId);
    if (answer.failure.status === 401) forgetSession();
    if (refusesBookingToo(answer.failure.error)) onRefused(answer.failure);
  };

  const letGo = (): void => {
    const now = latest();
    if (!now?.hold || now.sent) return;
    if (now.hold.given) releaseHold(now.hold.given.id, host);
    keep(withoutHold(now));
  };

  const isWanted = draft !== undefined && !draft.sent && holder !== undefined;
  const own = draft?.hold?.did === holder ? draft?.hold : undefined;
  useEffect(() => {
    if (isWanted && !own?.given) void ask(false);
  }, [isWanted, holder, draft?.start, draft?.end]);

  const end = own?.given?.runsOutAt;
  const [, noteEnd] = useState(0);
  useEffect(() => {
    if (end === undefined) return undefined;
    const timer = setTimeout(() => noteEnd(end), end - Date.now() + 50);
    return () => clearTimeout(timer);
  }, [end]);

  const leave = useRef(letGo);
  leave.current = letGo;
  useEffect(() => () => leave.current(), []);

  const view = (): HoldView => {
    if (!isWanted) return { state: "none" };
    if (end !== undefined) return end > Date.now() ? { state: "held", runsOutAt: end } : { state: "over" };
    return own !== undefined && own.requestId === failed ? { state: "unheld" } : { state: "asking" };
  };
  return { view: view(), again: () => void ask(true), letGo };
}
