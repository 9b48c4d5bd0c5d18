/** Calendars as two implementations of others read them, in one shape: ical.js, and vobject, which Radicale is built on. */

import { spawnSync } from "node:child_process";
import ICAL from "ical.js";

export interface ReadProperty {
  /** In capitals, as the names of its parameters. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** TEXT without its escapes; everything else as written. */
  readonly value: string;
}

export interface ReadCalendar {
  /** The calendar's own properties, in order. */
  readonly properties: readonly ReadProperty[];
  readonly events: readonly (readonly ReadProperty[])[];
  /** Components that are no VEVENT. */
  readonly others: number;
}

const DECODED = new Set(["SUMMARY", "DESCRIPTION", "LOCATION", "ORGANIZER", "ATTENDEE"]);

export function readWithIcalJs(text: string): ReadCalendar {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent");
  return {
    properties: calendar.getAllProperties().map(propertyOf),
    events: events.map((event) => event.getAllProperties().map(propertyOf)),
    others: calendar.getAllSubcomponents().length - events.length,
  };
}

function propertyOf(property: ICAL.Property): ReadProperty {
  const name = property.name.toUpperCase();
  const [, parameters] = property.toJSON() as [string, Record<string, string>];
  const written = property.toICALString();
  return {
    name,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([key, value]) => [key.toUpperCase(), value]),
    ),
    value: DECODED.has(name) ? String(property.getFirstValue()) : written.slice(written.indexOf(":") + 1),
  };
}

/** All at once: starting it takes longer than reading. It is in Debian's python, beside Radicale. */
export function readWithVobject(texts: readonly string[]): ReadCalendar[] {
  const run = spawnSync("/usr/bin/python3", ["-c", VOBJECT], {
    input: JSON.stringify(texts),
    maxBuffer: 256 * 1024 * 1024,
    encoding: "utf8",
  });
  if (run.status !== 0) {
    throw new Error(`vobject: ${run.error?.message ?? run.stderr.slice(-2_000)}`);
  }
  return JSON.parse(run.stdout) as ReadCalendar[];
}

const VOBJECT = `
import json, sys, vobject
def prop(line):
    return {"name": line.name.upper(), "value": str(line.value),
            "parameters": {name: ",".join(values) for name, values in line.params.items()}}
def read(text):
    found = list(vobject.readComponents(text, transform=False))
    assert len(found) == 1
    lines = [prop(c) for c in found[0].getChildren() if isinstance(c, vobject.base.ContentLine)]
    parts = [c for c in found[0].getChildren() if not isinstance(c, vobject.base.ContentLine)]
    events = [[prop(c) for c in p.getChildren()] for p in parts if p.name == "VEVENT"]
    return {"properties": lines, "events": events, "others": len(parts) - len(events)}
json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
`;
