/** What a message about a host's times means for what is shown, and how long to wait before asking again. Pure. */

import type { LiveJson } from "../worker/wire.ts";

/** Instants, epoch ms. */
export interface ShownRange {
  readonly from: number;
  readonly to: number;
}

/** A buffer reaches a day, and a limit per week seven: what is taken outside may close times inside. */
const REACH_MS = 8 * 24 * 60 * 60_000;

/** Whether the times in the range may no longer be as they were. */
export function touches({ isReset, changes }: LiveJson, { from, to }: ShownRange): boolean {
  return (
    isReset === true ||
    changes.some(({ start, end }) => Date.parse(start) < to + REACH_MS && Date.parse(end) > from - REACH_MS)
  );
}

/** Several changes come together, and many people look on: they ask a moment later, and not all at once. `chance`: 0 to 1. */
export function reloadDelayMs(chance: number): number {
  return Math.round(150 + 850 * chance);
}

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 2 * 60_000;

/** The pause before the connection is tried again, after so many failures in a row; half of it is left to chance (0 to 1). */
export function retryDelayMs(failures: number, chance: number): number {
  const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
  return Math.round(pause * (0.5 + chance / 2));
}

/** The message in a frame, or undefined for anything else. */
export function liveMessage(data: unknown): LiveJson | undefined {
  try {
    const value: unknown = typeof data === "string" ? JSON.parse(data) : undefined;
    if (typeof value !== "object" || value === null || !("seq" in value) || !("changes" in value))
      return undefined;
    const { seq, changes } = value;
    if (typeof seq !== "number" || !Array.isArray(changes)) return undefined;
    return { seq, changes, ...("isReset" in value && value.isReset === true ? { isReset: true } : {}) };
  } catch {
    return undefined;
  }
}
