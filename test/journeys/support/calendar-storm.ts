/** Requests of all kinds, good and bad, around hosts whose calendars are marked: what people, programs and strangers send. */

import { Draw } from "../../authority-proof/draw.ts";
import type { SecretScan } from "../../support/secret-scan.ts";
import { allowAtGoogle } from "../../support/allow-at-google.ts";
import type { BookingJson, ConnectionJson, ConnectionListJson, HoldJson } from "../../../worker/wire.ts";
import { inDays } from "./eventually.ts";
import { MARKS } from "./marked-calendars.ts";
import type { Mark, MarkedCalendars } from "./marked-calendars.ts";
import type { Heard, WatchedBroker } from "./watched-broker.ts";

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

const WEIGHTS = {
  slots: 20,
  explanation: 3,
  hold: 9,
  release: 3,
  book: 12,
  answer: 6,
  cancel: 9,
  move: 6,
  look: 8,
  lists: 10,
  refresh: 3,
  choose: 2,
  access: 2,
  connect: 2,
  consent: 2,
  callback: 4,
  push: 4,
  export: 0.5,
  settings: 2,
  hostile: 12,
};

/** Whoever looks for somebody is told whom they looked for. */
const NAMES_SOMEBODY = /^GET .api.hosts.|^DELETE .api.holds.|^POST .api.(blocks|auth.login)$/;

const DAYS = 30;
/** What is in bookings, for their people. */
const OF_BOOKINGS = ["note", "e-mail address"] as const;
/** What hosts see of their calendars; Google calls one's first calendar by one's address. */
export const OF_CONNECTIONS = ["name of a calendar", "Google account"] as const;

export class CalendarStorm {
  readonly #scene: Scene;
  readonly #bookings: BookingJson[] = [];
  readonly #holds: { readonly id: string; readonly host: string; readonly cookie: string }[] = [];
  readonly #connections = new Map<string, readonly ConnectionJson[]>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** One thing that somebody does: the same for the same index, as far as what was answered before is the same. */
  async step(index: number): Promise<void> {
    const draw = new Draw(7, index);
    const { hosts, bookers } = this.#scene;
    const host = draw.oneOfLatest(hosts);
    const booker = draw.oneOfLatest(bookers);
    if (!host || !booker) throw new Error("Nobody is there.");
    await this.#do(draw.weighted(WEIGHTS), draw, host, booker, `zq7-request-${index}`);
  }

  async #do(
    what: keyof typeof WEIGHTS,
    draw: Draw,
    host: StormyHost,
    booker: Person,
    requestId: string,
  ): Promise<void> {
    const { broker } = this.#scene;
    const day = 1 + Math.floor(draw.fraction() * DAYS);
    const start = inDays(
      day,
      `${String(Math.floor(draw.fraction() * 24)).padStart(2, "0")}:${draw.happens(0.5) ? "00" : "30"}`,
    );
    const slot = { host: host.did, meetingType: host.meetingType, start };
    const booking = draw.oneOfLatest(this.#bookings);
    const person = booking && draw.happens(0.5) ? this.#hostOf(booking) : this.#bookerOf(booking);
    switch (what) {
      case "slots": {
        const query = new URLSearchParams({
          meetingType: host.meetingType,
          from: inDays(day, "00:00"),
          to: inDays(day + 1, "00:00"),
        });
        await broker.ask(`GET /api/hosts/${host.did}/slots?${query.toString()}`);
        return;
      }
      case "explanation": {
        const query = new URLSearchParams({ meetingType: host.meetingType, date: start.slice(0, 10) });
        const cookie = draw.happens(0.5) ? host.cookie : booker.cookie;
        await broker.ask(`GET /api/hosts/${host.did}/explanation?${query.toString()}`, { cookie });
        return;
      }
      case "hold": {
        const { cookie } = booker;
        const { status, text } = await broker.ask("POST /api/holds", {
          cookie,
          body: { ...slot, requestId },
        });
        if (status === 201)
          this.#holds.push({ id: (JSON.parse(text) as HoldJson).hold.id, host: host.did, cookie });
        return;
      }
      case "release": {
        const hold = this.#holds.pop();
        if (hold) await broker.ask(`DELETE /api/holds/${hold.id}?host=${hold.host}`, { cookie: hold.cookie });
        return;
      }
      case "book": {
        const hold = draw.happens(0.2) ? this.#holds.at(-1)?.id : undefined;
        const body = {
          ...slot,
          requestId,
          note: MARKS.note,
          email: MARKS["e-mail address"],
          ...(hold !== undefined && { holdId: hold }),
        };
        this.#keep(
          await broker.ask("POST /api/bookings", { cookie: booker.cookie, body, mayShow: OF_BOOKINGS }),
        );
        return;
      }
      case "answer": {
        const answer = draw.happens(0.8) ? "confirm" : "decline";
        if (booking) await this.#change(booking, this.#hostOf(booking), answer, {});
        return;
      }
      case "cancel":
        if (booking) await this.#change(booking, person, "cancel", { reason: "Something came up" });
        return;
      case "move":
        if (booking) await this.#change(booking, person, "reschedule", { start, requestId });
        return;
      case "look": {
        if (!booking) return;
        const kind = draw.weighted({ "": 4, ".ics": 2, "/moves": 1 });
        const isStranger = draw.happens(0.3);
        const query = new URLSearchParams({ from: inDays(day, "00:00"), to: inDays(day + 1, "00:00") });
        await broker.ask(
          `GET /api/bookings/${booking.uid}${kind}${kind === "/moves" ? `?${query.toString()}` : ""}`,
          {
            cookie: isStranger ? this.#strangerTo(booking).cookie : person.cookie,
            mayShow: isStranger || kind === "/moves" ? [] : OF_BOOKINGS,
          },
        );
        return;
      }
      case "lists": {
        const { cookie } = draw.happens(0.5) ? host : booker;
        const role = cookie === host.cookie ? "host" : "booker";
        const path = draw.weighted({ connections: 3, conflicts: 2, notifications: 2, read: 1, bookings: 2 });
        if (path === "connections") {
          const { text } = await broker.ask("GET /api/calendar/connections", {
            cookie,
            mayShow: OF_CONNECTIONS,
          });
          if (role === "host")
            this.#connections.set(host.did, (JSON.parse(text) as ConnectionListJson).connections);
        } else if (path === "conflicts") {
          await broker.ask("GET /api/calendar/conflicts", { cookie, mayShow: OF_BOOKINGS });
        } else if (path === "notifications") {
          await broker.ask("GET /api/notifications", { cookie });
        } else if (path === "read") {
          await broker.ask("POST /api/notifications/read", { cookie, body: {} });
        } else {
          await broker.ask(`GET /api/bookings?role=${role}&limit=10`, { cookie, mayShow: OF_BOOKINGS });
        }
        return;
      }
      case "export":
        await broker.ask(
          "GET /api/account/export",
          draw.happens(0.5)
            ? { cookie: host.cookie, mayShow: [...OF_BOOKINGS, ...OF_CONNECTIONS] }
            : { cookie: booker.cookie, mayShow: OF_BOOKINGS },
        );
        return;
      case "settings": {
        const onSilentCalendar = draw.weighted({ ask: 3, trust: 2, refuse: 1 });
        await broker.ask("PUT /api/settings", { cookie: host.cookie, body: { onSilentCalendar } });
        return;
      }
      case "push": {
        const known = draw.oneOfLatest(this.#scene.calendars.google.deliveries());
        await broker.ask("POST /api/calendar/google/push", {
          headers: {
            "x-goog-channel-id": draw.happens(0.5) && known ? known.channelId : MARKS["made-up code"],
            "x-goog-channel-token": `${host.did}.${MARKS["path of a feed"]}`,
            "x-goog-resource-state": "exists",
          },
          body: {},
        });
        return;
      }
      case "callback": {
        const query = new URLSearchParams({ state: requestId, code: MARKS["made-up code"] });
        if (draw.happens(0.3)) query.set("error", MARKS["title of an event"]);
        const cookie = draw.happens(0.8) ? host.cookie : booker.cookie;
        await broker.ask(`GET /api/calendar/google/callback?${query.toString()}`, { cookie });
        return;
      }
      case "hostile":
        await this.#hostile(draw, draw.happens(0.5) ? host : booker);
        return;
      case "refresh":
      case "choose":
      case "access":
      case "connect":
      case "consent":
        await this.#calendars(what, draw, host);
        return;
    }
  }

  async #calendars(
    what: "refresh" | "choose" | "access" | "connect" | "consent",
    draw: Draw,
    { did, cookie }: StormyHost,
  ): Promise<void> {
    const { broker, calendars } = this.#scene;
    const mine = { cookie, mayShow: OF_CONNECTIONS };
    const connections = this.#connections.get(did) ?? [];
    const one = draw.oneOfLatest(connections);
    const path = `/api/calendar/connections/${one?.id ?? "none"}` as const;
    const server = { kind: "caldav", url: calendars.server.url, username: MARKS["CalDAV user"] };
    const feed = { kind: "feed", url: calendars.feedUrl };
    switch (what) {
      case "refresh":
        await broker.ask(`POST ${path}/refresh`, mine);
        return;
      case "choose": {
        const blocking = draw.happens(0.8)
          ? (one?.calendars.map(({ id }) => id) ?? [])
          : [MARKS["name of a calendar"]];
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
        await this.consent(cookie, connectionId, draw.happens(0.6));
      }
    }
  }

  /** Goes to Google for both consents, and comes back with them unless `isFinished` is false; where that led to. */
  async consent(cookie: string, connectionId?: string, isFinished = true): Promise<string | undefined> {
    const { broker, scan, challenges } = this.#scene;
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

  /** What nobody who means well sends. */
  async #hostile(draw: Draw, { cookie }: Person): Promise<void> {
    const { broker } = this.#scene;
    const [kind, mark] = draw.oneOfLatest(Object.entries(MARKS) as [Mark, string][]) ?? nobody();
    const path = encodeURIComponent(mark);
    const lines = [
      "POST /api/bookings",
      "POST /api/holds",
      "POST /api/calendar/connections",
      "POST /api/calendar/google",
      "POST /api/notifications/read",
      "POST /api/blocks",
      "PUT /api/settings",
      "POST /api/availability",
      "POST /api/meeting-types",
      "POST /api/auth/login",
      `PUT /api/calendar/connections/${path}`,
      `PUT /api/calendar/connections/${path}/access`,
      `POST /api/calendar/connections/${path}/refresh`,
      `POST /api/bookings/${path}/confirm`,
      `POST /api/bookings/${path}/reschedule`,
    ] as const;
    const bodies = [
      mark,
      `{"${mark}`,
      [mark],
      { [mark]: mark },
      { kind: mark, url: mark, username: mark, password: mark, label: "Spare" },
      { kind: "caldav", url: `http://10.0.0.1/${path}`, username: mark, password: mark, label: "Spare" },
      { kind: "feed", url: [mark], label: { [mark]: mark } },
      { host: mark, meetingType: mark, start: mark, requestId: mark, note: [mark], email: mark },
      { connectionId: mark, write: mark, ids: mark, actor: mark, timeZone: mark, onSilentCalendar: mark },
      { blocking: [mark], takesBookings: mark, start: mark, requestId: mark, reason: { [mark]: mark } },
    ];
    const headers = {
      "x-forwarded-for": "zq7",
      "user-agent": Buffer.from(mark)
        .toString("latin1")
        .replaceAll(/[^\x20-\x7e]/g, "?"),
    };
    if (draw.happens(0.3)) {
      const reads = [
        `GET /api/hosts/${path}`,
        `GET /api/hosts/${path}/slots?meetingType=${path}&from=${path}`,
        `GET /api/bookings/${path}`,
        `GET /api/bookings?role=${path}&cursor=${path}`,
        `GET /book/${path}`,
        `DELETE /api/holds/${path}?host=${path}`,
      ] as const;
      const line = draw.oneOfLatest(reads) ?? nobody();
      await broker.ask(line, {
        headers,
        mayShow: NAMES_SOMEBODY.test(line) ? [kind] : [],
        cookie: draw.happens(0.5) ? cookie : `atproto_cal=${path}`,
      });
      return;
    }
    const line = draw.oneOfLatest(lines) ?? nobody();
    await broker.ask(line, {
      cookie,
      headers,
      body: draw.oneOfLatest(bodies),
      mayShow: [
        ...(NAMES_SOMEBODY.test(line) ? [kind] : []),
        ...(line === "POST /api/calendar/google" ? (["address of calendars"] as const) : []),
      ],
    });
  }

  async #change(booking: BookingJson, { cookie }: Person, what: string, body: object): Promise<void> {
    const { broker } = this.#scene;
    this.#keep(
      await broker.ask(`POST /api/bookings/${booking.uid}/${what}`, { cookie, body, mayShow: OF_BOOKINGS }),
    );
  }

  #keep({ status, text }: Heard): void {
    if (status >= 300) return;
    const { booking } = JSON.parse(text) as { booking: BookingJson };
    if (this.#bookings.every(({ uid }) => uid !== booking.uid)) this.#bookings.push(booking);
  }

  #hostOf(booking: BookingJson): Person {
    return this.#scene.hosts.find(({ did }) => did === booking.host.did) ?? nobody();
  }

  #bookerOf(booking: BookingJson | undefined): Person {
    return (
      this.#scene.bookers.find(({ did }) => did === booking?.booker.did) ?? this.#scene.bookers[0] ?? nobody()
    );
  }

  #strangerTo(booking: BookingJson): Person {
    return this.#scene.bookers.find(({ did }) => did !== booking.booker.did) ?? nobody();
  }
}

function nobody(): never {
  throw new Error("Nobody of the scene.");
}
