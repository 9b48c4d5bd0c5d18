/** How many hours a request waits, as a text field holds it. Pure; the worker judges it again. */

/** What holds where a host has set nothing. */
export const DEFAULT_PENDING_HOURS = 48;

const MOST = 336;

/** The hours that were typed, or what is wrong. */
export function pendingHoursFrom(typed: string): { ok: true; value: number } | { ok: false; error: string } {
  const text = typed.trim();
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= MOST
    ? { ok: true, value }
    : { ok: false, error: `Enter a whole number of hours from 1 to ${MOST}.` };
}
