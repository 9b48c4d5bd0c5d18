/** The free times of a month for one length of a meeting, or for a booking to move to, kept fresh while they are looked at. */

import type { SlotsJson } from "../worker/wire.ts";
import { call, query } from "./api.ts";
import { useLiveReload, type Live } from "./live.ts";
import { useLoad, type Loaded } from "./load.ts";
import { segment } from "./router.ts";
import { rangeOfMonth } from "./slot-days.ts";

interface FreeTimesQuestion {
  /** DID of the host. */
  host: string;
  meetingType: string;
  durationMinutes: number;
  /** `YYYY-MM`, of the reader. */
  month: string;
  /** The uid of the booking that is to be moved: what it takes now is in nobody's way. */
  moving: string | undefined;
}

export function useFreeTimes(
  { host, meetingType, durationMinutes, month, moving }: FreeTimesQuestion,
  live: Live,
): Loaded<SlotsJson> {
  const range = rangeOfMonth(month);
  const asked = { meetingType, durationMinutes: String(durationMinutes), ...range };
  const path =
    moving === undefined
      ? `/api/hosts/${segment(host)}/slots${query(asked)}`
      : `/api/bookings/${segment(moving)}/moves${query(range)}`;
  const times = useLoad(path, () => call<SlotsJson>("GET", path));
  const shown = { from: Date.parse(range.from), to: Date.parse(range.to) };
  useLiveReload(live, shown, () => void times.reload());
  return times;
}
