/** The free times of a month for one length of a meeting, kept fresh while they are looked at. */

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
}

export function useFreeTimes(
  { host, meetingType, durationMinutes, month }: FreeTimesQuestion,
  live: Live,
): Loaded<SlotsJson> {
  const range = rangeOfMonth(month);
  const asked = { meetingType, durationMinutes: String(durationMinutes), ...range };
  const path = `/api/hosts/${segment(host)}/slots${query(asked)}`;
  const times = useLoad(path, () => call<SlotsJson>("GET", path));
  const shown = { from: Date.parse(range.from), to: Date.parse(range.to) };
  useLiveReload(live, shown, () => void times.reload());
  return times;
}
