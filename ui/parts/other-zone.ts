/** The same time on the other person's clock, where it reads differently. Shows nothing where both clocks agree. */

import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { clockRange, offsetLabel, shortDay, zoneLabel } from "../clock-format.ts";
import { useViewerTime } from "../viewer-time.ts";

interface OtherZoneProps {
  startAt: number;
  endAt: number;
  /** The other person's zone. */
  timeZone: string;
  /** Whose clock it is: `For Alice`. */
  children?: ComponentChildren;
}

export function OtherZone({ startAt, endAt, timeZone, children }: OtherZoneProps) {
  const { zone, hourCycle } = useViewerTime();
  const isSame = [startAt, endAt].every((at) => offsetLabel(at, zone) === offsetLabel(at, timeZone));
  if (isSame) return null;
  const range = clockRange(startAt, endAt, timeZone, hourCycle);
  const [day, place] = [`: ${shortDay(startAt, timeZone)}, `, `, ${zoneLabel(timeZone, startAt)}`];
  return html`<span class="muted">${children}${day}<span class="nowrap">${range}</span>${place}</span>`;
}
