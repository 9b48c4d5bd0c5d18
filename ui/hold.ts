/** A slot held while its form is filled in: whose, and for how long still. Pure; the worker keeps the hold. */

/** How long the worker holds a slot. */
export const HOLD_MS = 5 * 60_000;

/** A clock that is off by more than this would make the time that is left wrong. */
const CLOCKS_AGREE_MS = 60_000;

/** The hold of a choice: asked for, and given once it has an id. Instants are of this reader's clock, epoch ms. */
export interface DraftHold {
  /** Whose it is: another account asks for one of its own. */
  readonly did: string;
  /** A repeat with it, as after a reload, gets the same hold again. */
  readonly requestId: string;
  readonly askedAt: number;
  readonly given?: { readonly id: string; readonly runsOutAt: number };
}

/** When a hold runs out by the reader's clock: as the worker says, or five minutes after it was asked for where the clocks differ. */
export function runsOutAt(expiresAt: string, askedAt: number): number {
  const byWorker = Date.parse(expiresAt);
  const byAsking = askedAt + HOLD_MS;
  return Math.abs(byWorker - byAsking) <= CLOCKS_AGREE_MS ? byWorker : byAsking;
}

/** The hold to ask for: the one already asked for by the same person while that can still be answered, else a new one. */
export function holdToAsk(
  before: DraftHold | undefined,
  did: string,
  requestId: string,
  now: number,
): DraftHold {
  const isSame = before?.did === did && !before.given && now - before.askedAt < HOLD_MS;
  return isSame ? before : { did, requestId, askedAt: now };
}

/** Whether to warn that it will soon be over. */
export function isLastMinute(msLeft: number): boolean {
  return msLeft <= 60_000;
}

/** `4:32`. */
export function timeLeft(msLeft: number): string {
  const seconds = Math.max(0, Math.ceil(msLeft / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Guards against a hold kept by another version of this program. */
export function isDraftHold(value: unknown): value is DraftHold {
  if (typeof value !== "object" || value === null) return false;
  const { did, requestId, askedAt, given } = value as Record<string, unknown>;
  if (typeof did !== "string" || typeof requestId !== "string" || typeof askedAt !== "number") return false;
  if (given === undefined) return true;
  if (typeof given !== "object" || given === null) return false;
  const { id, runsOutAt: end } = given as Record<string, unknown>;
  return typeof id === "string" && typeof end === "number";
}
