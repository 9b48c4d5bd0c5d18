/** How long a server asks not to be asked again. No I/O. */

import { DAY } from "../../scheduling/time-zone.ts";

/**
 * Retry-After (RFC 9110 10.2.3), seconds or a date: milliseconds from `now` (epoch ms), within a day, since nobody may ask us to stay
 * away for longer: the host would see old busy times for ever. Undefined where there is none, or it makes no sense.
 */
export function retryAfterMsIn(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) {
    return undefined;
  }
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), DAY);
}
