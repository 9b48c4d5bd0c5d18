/** Unsent work kept in this tab's session storage, so that it survives a trip to the sign-in page. Never sent anywhere by itself. */

/** The part of `Storage` that drafts need. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** How long a draft waits for its writer. */
const MAX_AGE_MS = 60 * 60 * 1000;

/** Keeps `value` under `key` as of `now` (epoch ms). A full or forbidden storage only loses the draft. */
export function keepDraft(storage: DraftStorage, key: string, value: unknown, now: number): void {
  try {
    storage.setItem(`draft:${key}`, JSON.stringify({ keptAt: now, value }));
  } catch {
    // Private windows may refuse; the form itself still works.
  }
}

/** The draft kept under `key`, if it is younger than an hour and `isValue` accepts it. */
export function findDraft<Value>(
  storage: DraftStorage,
  key: string,
  now: number,
  isValue: (value: unknown) => value is Value,
): Value | undefined {
  try {
    const kept: unknown = JSON.parse(storage.getItem(`draft:${key}`) ?? "null");
    if (typeof kept !== "object" || kept === null || !("keptAt" in kept) || !("value" in kept))
      return undefined;
    if (typeof kept.keptAt !== "number" || now - kept.keptAt > MAX_AGE_MS) return undefined;
    return isValue(kept.value) ? kept.value : undefined;
  } catch {
    return undefined;
  }
}

/** Forgets the draft. */
export function dropDraft(storage: DraftStorage, key: string): void {
  try {
    storage.removeItem(`draft:${key}`);
  } catch {
    // Nothing was kept then.
  }
}
