/** Finding a time zone by what people type: a city, a region, an offset. Pure but for the runtime's own zone list. */

import { offsetLabel } from "./clock-format.ts";

export interface ZoneChoice {
  readonly zone: string;
  readonly label: string;
}

/** Zones that some browsers still list under a name their people no longer use. */
const RENAMED: Readonly<Record<string, string>> = {
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Godthab": "America/Nuuk",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
};

/** Every zone the browser knows, and UTC, which its list leaves out. */
export function allZones(): string[] {
  const zones = new Set(Intl.supportedValuesOf("timeZone").map((zone) => RENAMED[zone] ?? zone));
  zones.add("UTC");
  return [...zones].toSorted();
}

/** At most `limit` zones matching every word typed; names that begin with the words come first. */
export function searchZones(zones: readonly string[], typed: string, limit: number): ZoneChoice[] {
  const words = normal(typed).split(" ").filter(Boolean);
  const scored: { zone: string; score: number }[] = [];
  for (const zone of zones) {
    const name = normal(zone);
    if (!words.every((word) => name.includes(word))) continue;
    const city = normal(zone.split("/").at(-1) ?? zone);
    const begins = words[0] !== undefined && (city.startsWith(words[0]) || name.startsWith(words[0]));
    scored.push({ zone, score: begins ? 0 : 1 });
  }
  scored.sort((a, b) => a.score - b.score || a.zone.localeCompare(b.zone));
  return scored.slice(0, limit).map(({ zone }) => ({ zone, label: readable(zone) }));
}

/** The zone with its offset at an instant: `Europe/Amsterdam (GMT+1)`. */
export function zoneWithOffset(zone: string, now: number): string {
  return zone === "UTC" ? zone : `${readable(zone)} (${offsetLabel(now, zone)})`;
}

function readable(zone: string): string {
  return (RENAMED[zone] ?? zone).replaceAll("_", " ");
}

function normal(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[_/,\s]+/g, " ")
    .trim();
}
