/**
 * Which zone a TZID means. In this order: an IANA name, also at the end of a globally unique name; the file's own VTIMEZONE; a
 * Windows name. Names come first because the runtime's rules are current and a file's often are not.
 */

import { isKnownTimeZone } from "../../../scheduling/time-zone.ts";
import type { Budget } from "./budget.ts";
import type { Component } from "./components.ts";
import { lineOf } from "./components.ts";
import { zoneOfVtimezone } from "./vtimezone.ts";
import { WINDOWS_ZONES } from "./windows-zones.ts";
import { UTC, ianaZone } from "./zone.ts";
import type { Zone } from "./zone.ts";

/** How a TZID was understood. `unknown` is a guess a host should hear of. */
export type ZoneSource = "name" | "vtimezone" | "windows-name" | "unknown";

export interface ResolvedZone {
  readonly zone: Zone;
  readonly source: ZoneSource;
}

/** More than any calendar has. */
const MAX_NAMES = 64;

/** IANA zones are shared by a feed's calendars; nothing is kept beyond one reading. */
export class ZoneNames {
  readonly #named = new Map<string, Zone | undefined>();
  readonly #known: Map<string, Zone>;

  /** `known` is what other texts of the same calendar have found, and is added to. */
  constructor(known: Map<string, Zone> = new Map()) {
    this.#known = known;
  }

  /** The zone of an IANA name, or of the IANA name that ends a globally unique one (`/mozilla.org/20050126_1/Europe/Berlin`). */
  named(name: string): Zone | undefined {
    // Asking the runtime is slow, and a hostile file can make up a name for every line.
    if (!this.#named.has(name) && this.#named.size < MAX_NAMES) {
      const zone = this.#known.get(name) ?? this.#find(name);
      this.#named.set(name, zone);
      if (zone !== undefined && this.#known.size < MAX_NAMES) this.#known.set(name, zone);
    }
    return this.#named.get(name);
  }

  #find(name: string): Zone | undefined {
    if (isKnownTimeZone(name)) return ianaZone(name);
    const parts = name.split("/").filter((part) => part !== "");
    // No IANA name has more than three parts; a single part such as "EST" would be a coincidence.
    for (let length = 3; length >= 2; length -= 1) {
      const tail = parts.slice(-length).join("/");
      if (parts.length >= length && isKnownTimeZone(tail)) return ianaZone(tail);
    }
    return undefined;
  }
}

/** The zones of one VCALENDAR. `floating` is for times that name none, and for names nobody can read. */
export class CalendarZones {
  readonly floating: Zone;
  readonly #names: ZoneNames;
  readonly #definitions = new Map<string, Component>();
  readonly #resolved = new Map<string, ResolvedZone>();
  readonly #end: number;
  readonly #budget: Budget;

  /** `host` is the host's zone, `end` (epoch ms) the last instant of interest. */
  constructor(calendar: Component, names: ZoneNames, host: Zone, end: number, budget: Budget) {
    for (const child of calendar.children) {
      const id = child.name === "VTIMEZONE" ? lineOf(child, "TZID")?.value : undefined;
      if (id !== undefined && !this.#definitions.has(cleaned(id))) this.#definitions.set(cleaned(id), child);
    }
    this.#names = names;
    this.#end = end;
    this.#budget = budget;
    this.floating = host;
    const own = lineOf(calendar, "X-WR-TIMEZONE")?.value;
    if (own !== undefined) this.floating = this.resolve(own).zone;
  }

  /** What `tzid` means here. Always a zone: the floating one where nothing better is known. */
  resolve(tzid: string): ResolvedZone {
    const id = cleaned(tzid);
    let resolved = this.#resolved.get(id);
    if (resolved === undefined) {
      resolved = this.#find(id);
      this.#resolved.set(id, resolved);
    }
    return resolved;
  }

  #find(id: string): ResolvedZone {
    if (/^(?:UTC|GMT|Z)$/i.test(id)) return { zone: UTC, source: "name" };
    const named = this.#names.named(id);
    if (named !== undefined) return { zone: named, source: "name" };
    const definition = this.#definitions.get(id);
    const defined = definition && zoneOfVtimezone(definition, this.#end, this.#budget);
    if (defined !== undefined) return { zone: defined, source: "vtimezone" };
    const windows = WINDOWS_ZONES.get(id.toLowerCase());
    const translated = windows === undefined ? undefined : this.#names.named(windows);
    if (translated !== undefined) return { zone: translated, source: "windows-name" };
    // An offset in the name, "(GMT +01:00)", is a label and leaves out summer time: the host's own zone is the better guess.
    return { zone: this.floating, source: "unknown" };
  }
}

/** TZIDs differ from their VTIMEZONE by quotation marks, escapes and a doubled `TZID=` often enough. */
function cleaned(tzid: string): string {
  return tzid
    .replaceAll(/["\\]/g, "")
    .replace(/^TZID=/i, "")
    .trim()
    .slice(0, 200);
}
