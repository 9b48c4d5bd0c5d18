/** What is said of connected calendars: until when they are right, what went wrong, and what helps. Pure. */

import type { CalendarJson, CalendarProblemJson, ConnectionJson } from "../worker/wire.ts";
import { agoLabel } from "./clock-format.ts";

export type ConnectionKind = ConnectionJson["kind"];

const KIND_NAMES: Readonly<Record<ConnectionKind, string>> = {
  google: "Google Calendar",
  caldav: "CalDAV",
  feed: "Published link",
};

/** How a kind of connection is called. */
export function kindName(kind: ConnectionKind): string {
  return KIND_NAMES[kind];
}

/** `As of 5 min ago`, and while it cannot be read, that what was busy stays so. `now` in epoch ms. */
export function asOfSentence(
  { asOf, state }: Pick<ConnectionJson, "asOf" | "state">,
  now: number,
  zone: string,
): string {
  if (asOf === undefined) return "Blocks no time";
  const since = `As of ${agoLabel(Date.parse(asOf), now, zone)}`;
  return state === "ok" ? since : `${since}; what was busy then still is`;
}

/** Why the account as a whole cannot be read, and what helps; undefined when it is well, or when single calendars say it themselves. */
export function problemSentence(connection: ConnectionJson): string | undefined {
  const { kind, state, problem } = connection;
  if (state === "ok" || (state === "failing" && !isOfTheWhole(connection))) return undefined;
  if (state === "needs_reauth" && (problem === undefined || problem === "unauthorized")) return shutOut(kind);
  return problem === undefined
    ? "It cannot be read now. It is tried again by itself."
    : meaning(kind, problem);
}

/** Why one of several calendars cannot be read, and what helps; undefined when it is well or the only one. */
export function calendarProblem(
  { kind, calendars }: Pick<ConnectionJson, "kind" | "calendars">,
  { problem, blocks }: CalendarJson,
): string | undefined {
  if (calendars.length < 2 || problem === undefined || !blocks) return undefined;
  if (problem === "not-found") return "It is not there any more. Untick it if it was deleted.";
  if (problem === "unauthorized") return "We are not let into it any more. Untick it, or share it again.";
  return meaning(kind, problem);
}

/** Whether giving its access anew is what helps. */
export function wantsAccess(connection: ConnectionJson): boolean {
  const { kind, state, problem } = connection;
  if (state === "needs_reauth") return true;
  if (state === "ok" || kind === "google" || problem === undefined || !isOfTheWhole(connection)) return false;
  return (
    ["unauthorized", "not-found", "refused-address"].includes(problem) ||
    (kind === "feed" && problem === "too-large")
  );
}

/** What follows the label of a connection that is not well: when it was last read, and whether its host has to do something. `now` in epoch ms. */
export function troubleSentence(connection: ConnectionJson, now: number, zone: string): string {
  const { asOf } = connection;
  const lastRead = asOf === undefined ? "" : ` (last read ${agoLabel(Date.parse(asOf), now, zone)})`;
  if (wantsAccess(connection)) return `cannot be read any more${lastRead}. Give it access again.`;
  return `cannot be read ${isOfTheWhole(connection) ? "just now" : "in full"}${lastRead}. It is tried again by itself.`;
}

function isOfTheWhole({ calendars }: ConnectionJson): boolean {
  return calendars.length < 2 || !calendars.some((each) => each.blocks && each.problem !== undefined);
}

function meaning(kind: ConnectionKind, problem: CalendarProblemJson): string {
  const again = "It is tried again by itself.";
  const place = kind === "feed" ? "link" : "address";
  switch (problem) {
    case "unreachable":
    case "timeout":
    case "server-error":
      return `Its server does not answer. ${again}`;
    case "rate-limited":
      return `Its server asks for patience. ${again}`;
    case "too-large":
      return kind === "feed"
        ? "It has grown too large to be read. Publish a smaller one, and give its link."
        : "It has grown too large to be read. Move old events out of it; it is tried again by itself.";
    case "not-a-calendar":
      return `What is there now is no calendar, or only a part of one. ${again}`;
    case "refused-address":
      return `Its address is not on the public internet any more. Give its new ${place}.`;
    case "emptied":
      return "It has no events any more, which may be a mistake of its server. If it is right, disconnect it and connect it again.";
    case "not-found":
      return kind === "google"
        ? "Its calendar is not there any more. Disconnect it, and connect it again."
        : `There is nothing at its address any more. Give its new ${place}.`;
    case "unauthorized":
      return shutOut(kind);
    case "read-only":
      return "It can be read but not written into. Choose another calendar for your bookings.";
  }
}

function shutOut(kind: ConnectionKind): string {
  switch (kind) {
    case "feed":
      return "Its link no longer lets us in. Give its new link.";
    case "caldav":
      return "Its server no longer takes the user name and password. Give them again.";
    case "google":
      return "Google no longer lets us in. Give access again.";
  }
}
