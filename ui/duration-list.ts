/** Several lengths as one text field holds them: minutes with commas between. Pure. */

const MOST = 10;

/** The lengths as minutes, the shortest first, without `main` and duplicates; or what is wrong. */
export function durationsFromText(
  typed: string,
  main: number,
): { ok: true; value: number[] } | { ok: false; error: string } {
  const parts = partsOf(typed);
  if (!parts.every((part) => /^\d{1,4}$/.test(part) && Number(part) >= 5 && Number(part) <= 1440)) {
    return { ok: false, error: "Enter whole minutes from 5 to 1440 with commas between, such as 15, 45." };
  }
  const value = [...new Set(parts.map(Number))].filter((each) => each !== main);
  if (value.length > MOST) return { ok: false, error: `Enter at most ${MOST} lengths.` };
  return { ok: true, value: value.toSorted((a, b) => a - b) };
}

export function textFromDurations(durations: readonly number[]): string {
  return durations.toSorted((a, b) => a - b).join(", ");
}

/** Whether the text names this length. */
export function namesDuration(typed: string, minutes: number): boolean {
  return partsOf(typed).some((part) => Number(part) === minutes);
}

/** The text with the length added, or taken out where it was; what cannot be read stays for its writer to mend. */
export function toggleDuration(typed: string, minutes: number): string {
  const parts = partsOf(typed);
  if (namesDuration(typed, minutes)) return parts.filter((part) => Number(part) !== minutes).join(", ");
  const at = parts.findIndex((part) => Number(part) > minutes);
  return parts.toSpliced(at === -1 ? parts.length : at, 0, String(minutes)).join(", ");
}

function partsOf(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter((part) => part !== "");
}
