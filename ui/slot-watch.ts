/** Looks whether a time that is not held is still free while its form is filled in. Decides nothing: it can still be asked for. */

import { useEffect, useState } from "preact/hooks";
import type { SlotsJson } from "../worker/wire.ts";
import { call, query } from "./api.ts";
import { minutesBetween } from "./duration-choice.ts";
import { useLiveReload, type Live } from "./live.ts";
import { segment } from "./router.ts";

interface WatchedSlot {
  /** DID of the host. */
  host: string;
  meetingType: string;
  start: string;
  end: string;
}

/** Whether the slot is gone; false while none is watched, and until it is known. */
export function useIsGone(live: Live, slot: WatchedSlot | undefined): boolean {
  const key = slot && `${slot.start} ${slot.end}`;
  const [gone, setGone] = useState<string | undefined>();
  const look = async (): Promise<void> => {
    if (!slot) return;
    const { host, meetingType, start, end } = slot;
    const durationMinutes = String(minutesBetween(start, end));
    const asked = { meetingType, durationMinutes, from: start, to: end };
    const answer = await call<SlotsJson>("GET", `/api/hosts/${segment(host)}/slots${query(asked)}`);
    if (!answer.ok) return;
    const isFree = answer.value.slots.some((each) => Date.parse(each.start) === Date.parse(start));
    setGone(isFree ? undefined : key);
  };
  const range = slot && { from: Date.parse(slot.start), to: Date.parse(slot.end) };
  useLiveReload(live, range, () => void look());
  // A new watch knows nothing yet: what was seen of the same slot before may have changed.
  useEffect(() => setGone(undefined), [key]);
  return key !== undefined && gone === key;
}
