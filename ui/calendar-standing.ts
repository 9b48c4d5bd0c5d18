/** What is said of a connected calendar: until when it is right, and what went wrong. Pure. */

import type { CalendarJson } from "../worker/wire.ts";
import { agoLabel } from "./clock-format.ts";

/** `As of 5 min ago`, and while it cannot be read, that what was busy stays so. `now` in epoch ms. */
export function asOfSentence({ asOf, state }: CalendarJson, now: number, zone: string): string {
  const since = `As of ${agoLabel(Date.parse(asOf), now, zone)}`;
  return state === "ok" ? since : `${since}; what was busy then still is`;
}

/** Why it could not be read, and what helps; undefined for one that is well. */
export function problemSentence({ state, problem }: CalendarJson): string | undefined {
  if (state === "ok" || problem === undefined) return undefined;
  const again = "It is tried again by itself.";
  switch (problem) {
    case "unreachable":
    case "timeout":
    case "server-error":
      return `Its server does not answer. ${again}`;
    case "rate-limited":
      return `Its server asks for patience. ${again}`;
    case "too-large":
      return "It has grown too large to be read. Publish a smaller one, and connect that.";
    case "not-a-calendar":
      return `What is there now is no calendar, or only a part of one. ${again}`;
    case "refused-address":
      return "Its address is not on the public internet any more. Disconnect it, and connect its new link.";
    case "emptied":
      return "It has no events any more, which may be a mistake of its server. If it is right, disconnect it and connect it again.";
    case "not-found":
      return "There is nothing at its address any more. Disconnect it, and connect its new link.";
    case "unauthorized":
      return "Its address no longer lets us in. Disconnect it, and connect its new link.";
  }
}
