/** Requests of all kinds, good and bad, around hosts whose calendars are marked: what people, programs and strangers send. */

import { Draw } from "../../authority-proof/draw.ts";
import type { BookingJson, ConnectionJson, ConnectionListJson, HoldJson } from "../../../worker/wire.ts";
import { askAboutCalendars, OF_CONNECTIONS } from "./calendar-requests.ts";
import type { Person, Scene, StormyHost } from "./calendar-requests.ts";
import { inDays } from "./eventually.ts";
import { sendHostile } from "./hostile-request.ts";
import { MARKS } from "./marked-calendars.ts";
import type { Heard } from "./watched-broker.ts";

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

const DAYS = 30;
/** What is in bookings, for their people. */
const OF_BOOKINGS = ["note", "e-mail address"] as const;
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
        await sendHostile(broker, draw, draw.happens(0.5) ? host.cookie : booker.cookie);
        return;
      case "refresh":
      case "choose":
      case "access":
      case "connect":
      case "consent":
        await askAboutCalendars(this.#scene, what, draw, host.cookie, this.#connections.get(host.did) ?? []);
        return;
    }
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
