/** What hosts ask about their calendars: connecting, choosing, giving access, and going to Google for it. */

import type { Draw } from "../../authority-proof/draw.ts";
import { allowAtGoogle } from "../../support/allow-at-google.ts";
import type { SecretScan } from "../../support/secret-scan.ts";
import type { ConnectionJson } from "../../../worker/wire.ts";
import { MARKS } from "./marked-calendars.ts";
import type { MarkedCalendars } from "./marked-calendars.ts";
import type { WatchedBroker } from "./watched-broker.ts";

export interface Person {
  readonly did: string;
  readonly cookie: string;
}

export interface StormyHost extends Person {
  readonly meetingType: string;
}

export interface Scene {
  readonly broker: WatchedBroker;
  readonly calendars: MarkedCalendars;
  readonly scan: SecretScan;
  readonly hosts: readonly StormyHost[];
  readonly bookers: readonly Person[];
  /** Challenges (RFC 7636 4.2) of the consents that were begun. */
  readonly challenges: Set<string>;
}

/** What hosts see of their calendars; Google calls one's first calendar by one's address. */
export const OF_CONNECTIONS = ["name of a calendar", "Google account"] as const;

/** What a host does with their calendars, some of it wrongly. */
export async function askAboutCalendars(
  scene: Scene,
  what: "refresh" | "choose" | "access" | "connect" | "consent",
  draw: Draw,
  cookie: string,
  connections: readonly ConnectionJson[],
): Promise<void> {
  const { broker, calendars } = scene;
  const mine = { cookie, mayShow: OF_CONNECTIONS };
  const one = draw.oneOfLatest(connections);
  const path = `/api/calendar/connections/${one?.id ?? "none"}` as const;
  const server = { kind: "caldav", url: calendars.server.url, username: MARKS["CalDAV user"] };
  const feed = { kind: "feed", url: calendars.feedUrl };
  switch (what) {
    case "refresh":
      await broker.ask(`POST ${path}/refresh`, mine);
      return;
    case "choose": {
      const known = one?.calendars.map(({ id }) => id) ?? [];
      // A connection of which nothing blocks is not read, and meets no weather.
      const blocking = draw.happens(0.8) ? known : [...known, MARKS["name of a calendar"]];
      const taking = one?.calendars.find(({ takesBookings }) => takesBookings)?.id;
      await broker.ask(`PUT ${path}`, {
        ...mine,
        body: { blocking, ...(taking !== undefined && { takesBookings: taking }) },
      });
      return;
    }
    case "access": {
      const body =
        one?.kind === "feed"
          ? { ...feed, ...(draw.happens(0.3) && { url: `${calendars.feed.url}/${MARKS["CalDAV user"]}` }) }
          : {
              ...server,
              password: draw.happens(0.6) ? MARKS["CalDAV password"] : MARKS["title of an event"],
            };
      await broker.ask(`PUT ${path}/access`, { ...mine, body });
      return;
    }
    case "connect": {
      const spare = connections.find(({ label }) => label === "Spare");
      if (spare) {
        await broker.ask(`DELETE /api/calendar/connections/${spare.id}`, mine);
      } else {
        const typed = draw.happens(0.5)
          ? feed
          : { ...server, password: draw.happens(0.5) ? MARKS["CalDAV password"] : MARKS.note };
        await broker.ask("POST /api/calendar/connections", { ...mine, body: { ...typed, label: "Spare" } });
      }
      return;
    }
    case "consent": {
      const connectionId = connections.find(({ kind }) => kind === "google")?.id;
      await consent(scene, cookie, connectionId, draw.happens(0.6));
    }
  }
}

/** Goes to Google for both consents, and comes back with them unless `isFinished` is false; where that led to. */
export async function consent(
  { broker, scan, challenges }: Scene,
  cookie: string,
  connectionId?: string,
  isFinished = true,
): Promise<string | undefined> {
  const body = { write: true, ...(connectionId !== undefined && { connectionId }) };
  const { status, text } = await broker.ask("POST /api/calendar/google", {
    cookie,
    body,
    // Whoever is sent to Google sees where that is.
    mayShow: ["address of calendars"],
  });
  if (status !== 200) return undefined;
  const { url } = JSON.parse(text) as { url: string };
  const { searchParams: asked } = new URL(url);
  scan.add("state of a consent", asked.get("state") ?? "");
  challenges.add(asked.get("code_challenge") ?? "");
  if (!isFinished) return undefined;
  const back = new URL(await allowAtGoogle(url, MARKS["Google account"]));
  scan.add("code", back.searchParams.get("code") ?? "");
  return (await broker.ask(`GET ${back.pathname as `/${string}`}${back.search}`, { cookie })).location;
}
