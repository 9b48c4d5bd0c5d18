/** One operation as one HTTP request, and what came back as an answer. Repeats nothing, decides nothing. */

import { Agent, request } from "node:http";
import type { BookingJson, HoldJson, SlotsJson } from "../../worker/wire.ts";
import type { Answer, Ask } from "./history.ts";
import { DAY } from "./offers.ts";
import type { Opening } from "./offers.ts";

/** How long an answer may take, ms; none of these waits for anything but the broker itself. */
const PATIENCE = 20_000;

export interface Place {
  readonly url: string;
  readonly host: string;
  readonly opening: Opening;
  /** By DID, the `Cookie` header of a signed-in person. */
  readonly cookies: ReadonlyMap<string, string>;
}

interface Sent {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: object;
}

/** Everything that any of the answers may hold. */
interface Body extends Partial<HoldJson>, Partial<Pick<SlotsJson, "slots">> {
  readonly booking?: BookingJson;
  readonly error?: string;
}

export class Exchange {
  readonly #place: Place;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(place: Place) {
    this.#place = place;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Asks once. `unknown` when no answer of the broker's came. @throws when it stays silent for long */
  async ask(actor: string, ask: Ask): Promise<Answer> {
    // Slots are asked for as a stranger would, to whom every hold is somebody else's.
    const cookie = ask.kind === "slots" ? undefined : this.#place.cookies.get(actor);
    const answer = await this.#send(cookie, sentFor(ask, this.#place));
    if (answer === undefined) return { kind: "unknown" };
    const { status, text } = answer;
    if (status === 204) return { kind: "released" };
    const body = parsed(text);
    // While workerd is dead, somebody else may answer in its place, and not in our words.
    if (body === undefined) return { kind: "unknown" };
    if (body.booking) return { kind: "booking", status, booking: body.booking };
    if (body.hold)
      return { kind: "hold", status, id: body.hold.id, expiresAt: Date.parse(body.hold.expiresAt) };
    if (body.slots)
      return { kind: "slots", status, starts: body.slots.map(({ start }) => Date.parse(start)) };
    return body.error === undefined ? { kind: "unknown" } : { kind: "refused", status, error: body.error };
  }

  #send(
    cookie: string | undefined,
    { method, path, body }: Sent,
  ): Promise<{ status: number; text: string } | undefined> {
    const { url } = this.#place;
    const json = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, url).href,
        {
          agent: this.#agent,
          method,
          headers: {
            ...(cookie !== undefined && { cookie, origin: url }),
            ...(json !== undefined && {
              "content-type": "application/json",
              "content-length": Buffer.byteLength(json),
            }),
          },
          signal: AbortSignal.timeout(PATIENCE),
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
          response.on("error", () => resolve(undefined));
        },
      );
      outgoing.on("error", (error) => {
        if (error.name === "AbortError")
          reject(new Error(`No answer to ${method} ${path} in ${PATIENCE} ms.`));
        else resolve(undefined);
      });
      outgoing.end(json);
    });
  }
}

function sentFor(ask: Ask, { host, opening }: Place): Sent {
  switch (ask.kind) {
    case "hold":
    case "book": {
      const { kind, offer, start, ...rest } = ask;
      return {
        method: "POST",
        path: kind === "hold" ? "/api/holds" : "/api/bookings",
        body: { host, meetingType: offer, start: rfc3339(start), ...rest },
      };
    }
    case "release":
      return {
        method: "DELETE",
        path: `/api/holds/${ask.holdId}?${new URLSearchParams({ host }).toString()}`,
      };
    case "read":
      return { method: "GET", path: `/api/bookings/${ask.uid}` };
    case "confirm":
    case "decline":
    case "cancel":
      return { method: "POST", path: `/api/bookings/${ask.uid}/${ask.kind}` };
    case "reschedule":
      return {
        method: "POST",
        path: `/api/bookings/${ask.uid}/reschedule`,
        body: { start: rfc3339(ask.start), requestId: ask.requestId },
      };
    case "slots": {
      const { firstDay, days } = opening;
      const range = { from: rfc3339(firstDay), to: rfc3339(firstDay + days * DAY) };
      const query = new URLSearchParams({ meetingType: ask.offer, ...range });
      return { method: "GET", path: `/api/hosts/${host}/slots?${query.toString()}` };
    }
  }
}

function rfc3339(at: number): string {
  return new Date(at).toISOString();
}

function parsed(text: string): Body | undefined {
  try {
    const body: Body = JSON.parse(text);
    return body;
  } catch {
    return undefined;
  }
}
