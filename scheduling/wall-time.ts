/** Wall time as records and forms write it, and minutes since local midnight as the rules use it. No zones, no I/O. */

/** `HH:MM` from `00:00` to `24:00` as minutes since local midnight (0..1440); anything else is undefined. */
export function parseWallTime(text: string): number | undefined {
  if (text === "24:00") return 1440;
  const match = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

/** Minutes since local midnight (0..1440) as `HH:MM`; the inverse of parseWallTime. */
export function formatWallTime(minutes: number): string {
  const hour = String(Math.floor(minutes / 60)).padStart(2, "0");
  return `${hour}:${String(minutes % 60).padStart(2, "0")}`;
}
