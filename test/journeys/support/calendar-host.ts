/** A host who connects calendars over HTTP, as their settings page would. */

import type { ConnectionInput, ConnectionJson, ConnectionListJson } from "../../../worker/wire.ts";
import { allowAtGoogle } from "../../support/allow-at-google.ts";
import type { TestAccount } from "./test-account.ts";
import type { TestNetwork } from "./test-network.ts";

const PATH = "/api/calendar/connections";

export class CalendarHost {
  readonly host: TestAccount;
  readonly meetingType: string;
  readonly #world: TestNetwork;

  constructor(world: TestNetwork, { host, meetingType }: { host: TestAccount; meetingType: string }) {
    this.#world = world;
    this.host = host;
    this.meetingType = meetingType;
  }

  async connects(input: ConnectionInput): Promise<ConnectionJson> {
    return connectionIn(await this.#call("connectCalendars", PATH, { method: "POST", body: input }));
  }

  /** Consents to everything at the stand-in; answers with the path that Google's answer led to. */
  async connectsGoogle(
    email: string,
    wanted: { write?: boolean; connectionId?: string } = {},
  ): Promise<string> {
    const answer = await this.#call("askGoogle", "/api/calendar/google", { method: "POST", body: wanted });
    const { url } = (await answer.json()) as { url: string };
    const cookie = await this.#world.broker.sessionCookie(this.host);
    const back = await fetch(await allowAtGoogle(url, email), { headers: { cookie }, redirect: "manual" });
    return back.headers.get("location") ?? `${back.status}`;
  }

  async connections(): Promise<ConnectionJson[]> {
    const answer = await this.#call("listCalendars", PATH);
    return ((await answer.json()) as ConnectionListJson).connections;
  }

  async chooses(id: string, choice: { blocking: string[]; takesBookings?: string }): Promise<ConnectionJson> {
    return connectionIn(
      await this.#call("chooseCalendars", `${PATH}/${id}`, { method: "PUT", body: choice }),
    );
  }

  async refreshes(id: string): Promise<ConnectionJson> {
    return connectionIn(await this.#call("refreshCalendars", `${PATH}/${id}/refresh`, { method: "POST" }));
  }

  async disconnects(id: string): Promise<void> {
    await this.#call("disconnectCalendars", `${PATH}/${id}`, { method: "DELETE" });
  }

  /** Uids of confirmed bookings on which something else lies. */
  async conflicts(): Promise<string[]> {
    const answer = await this.#call("listConflicts", "/api/calendar/conflicts");
    return ((await answer.json()) as { bookings: { uid: string }[] }).bookings.map(({ uid }) => uid);
  }

  /** The starts of the slots between two dates, RFC 3339. */
  async slots(from: string, to: string): Promise<string[]> {
    const query = new URLSearchParams({ meetingType: this.meetingType, from, to });
    const answer = await fetch(`${this.#world.url}/api/hosts/${this.host.did}/slots?${query.toString()}`);
    if (!answer.ok) throw new Error(`slots: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { slots: { start: string }[] }).slots.map(({ start }) => start);
  }

  async #call(operation: string, path: string, init: { method?: string; body?: unknown } = {}) {
    const answer = await this.host.call(`social.schedule.${operation}`, path, init);
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

async function connectionIn(answer: Response): Promise<ConnectionJson> {
  return ((await answer.json()) as { connection: ConnectionJson }).connection;
}
