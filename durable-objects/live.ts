/** Tells whoever looks on that something has changed, such as which periods were taken and freed: hibernating WebSockets, which keep no object awake. */

import { rfc3339 } from "../scheduling/time-zone.ts";
import type { LiveChange } from "./desk.ts";

/** How many changes are remembered for those who come back. */
const REMEMBERED = 200;

/** How many may look on at one object. */
const MAX_VIEWERS = 1000;

/** One message; the door's `LiveJson` says the same in its own words. */
interface LiveMessage {
  readonly seq: number;
  readonly isReset?: true;
  readonly changes: readonly { start: string; end: string; state: LiveChange["state"] }[];
}

export class Live {
  readonly #ctx: DurableObjectState;
  /**
   * Rises with every change. It starts from the clock, so that numbers of an object that slept or crashed are never given
   * again; whoever comes back with one of those is told to ask for everything.
   */
  #seq: number;
  readonly #firstSeq: number;
  #remembered: { readonly seq: number; readonly change: LiveChange }[] = [];

  constructor(ctx: DurableObjectState, now: number) {
    this.#ctx = ctx;
    this.#seq = now * 1000;
    this.#firstSeq = this.#seq;
    // Answered by the runtime, without waking the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** Opens a socket (RFC 6455) for a viewer; `?after=` is the last message they know. 503 where too many look on. The door has checked who may. */
  open(request: Request): Response {
    if (this.#ctx.getWebSockets().length >= MAX_VIEWERS) {
      return new Response(null, { status: 503 });
    }
    const [client, server] = Object.values(new WebSocketPair());
    if (!client || !server) {
      throw new Error("a WebSocketPair has two ends");
    }
    this.#ctx.acceptWebSocket(server);
    const after = new URL(request.url).searchParams.get("after");
    server.send(JSON.stringify(this.#greeting(after === null ? undefined : Number(after))));
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Viewers have nothing to say; whoever says something other than what the runtime answers by itself is cut off. */
  cutOff(socket: WebSocket): void {
    socket.close(1008, "Nothing is expected from viewers.");
  }

  /** Tells everybody. Call after the transaction; nothing leaves before it is stored. */
  publish(changes: readonly LiveChange[]): void {
    if (changes.length === 0) {
      return;
    }
    // A whole calendar that comes or goes is more than anybody wants to be told.
    if (changes.length > REMEMBERED) {
      this.publishReset();
      return;
    }
    for (const change of changes) {
      this.#seq += 1;
      this.#remembered.push({ seq: this.#seq, change });
    }
    this.#remembered = this.#remembered.slice(-REMEMBERED);
    this.#send({ seq: this.#seq, changes: changes.map(shown) });
  }

  /** Tells everybody to ask again, without saying for what. Whoever is away meanwhile is told when they come back. */
  publishReset(): void {
    this.#seq += 1;
    this.#remembered = [];
    this.#send(this.#reset());
  }

  #send(said: LiveMessage): void {
    const sockets = this.#ctx.getWebSockets();
    if (sockets.length === 0) {
      return;
    }
    const message = JSON.stringify(said);
    for (const socket of sockets) {
      try {
        socket.send(message);
      } catch {
        // It is closing; its viewer comes back by itself.
      }
    }
  }

  #greeting(after: number | undefined): LiveMessage {
    if (after === undefined || after === this.#seq) {
      return { seq: this.#seq, changes: [] };
    }
    const oldest = this.#remembered[0]?.seq ?? this.#seq + 1;
    const isKnown = this.#firstSeq <= after && after < this.#seq && oldest <= after + 1;
    return isKnown
      ? {
          seq: this.#seq,
          changes: this.#remembered.filter(({ seq }) => seq > after).map(({ change }) => shown(change)),
        }
      : this.#reset();
  }

  #reset(): LiveMessage {
    return { seq: this.#seq, isReset: true, changes: [] };
  }
}

function shown({ start, end, state }: LiveChange): LiveMessage["changes"][number] {
  return { start: rfc3339(start), end: rfc3339(end), state };
}
