/** A person on the local network, acting without a browser: their PDS by password, the broker by service auth. */

import { putRecord, xrpc } from "../../../dev/account.ts";
import type { LocalAccount } from "../../../dev/account.ts";
import type { BookingJson } from "../../../worker/wire.ts";

/** Where the person lives and whom they talk to. */
export interface AccountPlace {
  readonly pdsUrl: string;
  readonly brokerUrl: string;
  readonly brokerDid: string;
}

/** A slot of a host: their DID, the record key of a meeting type, an RFC 3339 instant. */
export interface WantedSlot {
  readonly host: string;
  readonly meetingType: string;
  readonly start: string;
}

export class TestAccount {
  readonly did: string;
  readonly handle: string;
  readonly password: string;
  readonly #accessJwt: string;
  readonly #place: AccountPlace;

  constructor(account: LocalAccount, password: string, place: AccountPlace) {
    this.did = account.did;
    this.handle = account.handle;
    this.password = password;
    this.#accessJwt = account.accessJwt;
    this.#place = place;
  }

  /** A bearer token from this person's PDS for one operation (`social.schedule.…`) of the broker: one use, about a minute. */
  async serviceAuth(lxm: string, aud: string = this.#place.brokerDid): Promise<string> {
    const query = { aud, lxm };
    const { token } = await this.#xrpc("com.atproto.server.getServiceAuth", { query });
    if (typeof token !== "string") throw new Error("The PDS gave no token.");
    return token;
  }

  /** One call to the broker, allowed by a fresh token for `lxm`. `path` starts with `/api/`. */
  async call(lxm: string, path: string, init: { method?: string; body?: unknown } = {}): Promise<Response> {
    const token = await this.serviceAuth(lxm);
    return fetch(new URL(path, this.#place.brokerUrl), {
      method: init.method ?? (init.body === undefined ? "GET" : "POST"),
      headers: {
        authorization: `Bearer ${token}`,
        ...(init.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
  }

  /** Asks a host for a slot and gets it. @throws when it is refused */
  async books(slot: WantedSlot): Promise<BookingJson> {
    const body = { ...slot, requestId: crypto.randomUUID() };
    return bookingIn(await this.call("social.schedule.requestBooking", "/api/bookings", { body }));
  }

  /** Answers or calls off a booking. @throws when it is refused */
  async does(action: "confirm" | "decline" | "cancel", uid: string): Promise<BookingJson> {
    const path = `/api/bookings/${uid}/${action}`;
    return bookingIn(await this.call(`social.schedule.${action}Booking`, path, { body: {} }));
  }

  /** A booking of this person as their host's authority knows it now. */
  async booking(uid: string): Promise<BookingJson> {
    return bookingIn(await this.call("social.schedule.getBooking", `/api/bookings/${uid}`));
  }

  /** Writes a record into this person's repository, without asking the broker. Returns its at-uri. */
  async putRecord(collection: string, rkey: string, record: Record<string, unknown>): Promise<string> {
    const account = { did: this.did, accessJwt: this.#accessJwt };
    return putRecord(this.#place.pdsUrl, account, { collection, rkey, value: record });
  }

  /** What this person's repository holds, or undefined. Read without signing in, as anybody can. */
  async getRecord(collection: string, rkey: string): Promise<Record<string, unknown> | undefined> {
    const records = await this.listRecords(collection);
    return records.find((record) => record.uri.endsWith(`/${rkey}`))?.value;
  }

  /** At most 100 records of one collection. */
  async listRecords(collection: string): Promise<{ uri: string; value: Record<string, unknown> }[]> {
    const url = new URL("/xrpc/com.atproto.repo.listRecords", this.#place.pdsUrl);
    url.search = new URLSearchParams({ repo: this.did, collection, limit: "100" }).toString();
    const answer = (await (await fetch(url)).json()) as {
      records: { uri: string; value: Record<string, unknown> }[];
    };
    return answer.records;
  }

  #xrpc(method: string, call: { body?: object; query?: Record<string, string> }): ReturnType<typeof xrpc> {
    return xrpc(this.#place.pdsUrl, method, { ...call, accessJwt: this.#accessJwt });
  }
}

async function bookingIn(answer: Response): Promise<BookingJson> {
  if (!answer.ok) throw new Error(`The broker answered ${answer.status}: ${await answer.text()}`);
  const { booking } = (await answer.json()) as { booking: BookingJson };
  return booking;
}
