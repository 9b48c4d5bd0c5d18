/** A program of a host, on loopback: it keeps what is signed with its key, by the library that others use, and answers what it is told. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import type { BookingJson } from "../../../worker/wire.ts";

export interface ReceivedMessage {
  readonly id: string;
  readonly type: string;
  readonly booking?: BookingJson;
}

export class WebhookReceiver {
  readonly #server: Server;
  #port = 0;
  #held: (() => void)[] | undefined;
  /** `whsec_…`: whatever is signed with another one is refused. */
  key = "";
  status = 204;
  /** Every try, in order. */
  readonly received: ReceivedMessage[] = [];
  /** Why what came was not believed. */
  readonly refused: string[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.#take(Buffer.concat(chunks).toString("utf8"), request.headers as Record<string, string>);
        const answer = () => response.writeHead(this.status).end();
        if (this.#held) this.#held.push(answer);
        else answer();
      });
    });
  }

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await receiver.comesBack();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hooks?token=secret`;
  }

  /** Without repetitions, as a receiver should. */
  get messages(): ReceivedMessage[] {
    return [...new Map(this.received.map((each) => [each.id, each])).values()];
  }

  /** Nobody listens where it was. */
  async goesAway(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** It listens again, at the same address. */
  async comesBack(): Promise<void> {
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** From now on it takes what comes, and says so only when the returned function is called. */
  holdsItsAnswers(): () => void {
    this.#held = [];
    return () => {
      const held = this.#held ?? [];
      this.#held = undefined;
      held.forEach((answer) => answer());
    };
  }

  #take(body: string, headers: Record<string, string>): void {
    try {
      const { type, data } = new Webhook(this.key).verify(body, headers) as {
        type: string;
        data: { booking?: BookingJson };
      };
      this.received.push({
        id: headers["webhook-id"] ?? "",
        type,
        ...(data.booking && { booking: data.booking }),
      });
    } catch (error) {
      this.refused.push(error instanceof Error ? error.message : "unknown");
    }
  }
}
