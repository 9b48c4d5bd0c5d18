/** Load over loopback: a fixed number of keep-alive sockets, each sending its next request when the last was answered. */

import { Agent, request } from "node:http";

export interface LoadRequest {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  /** From sending to the last byte of the answer. */
  readonly ms: number;
}

export interface Load {
  /** Requests answered, by wall time. */
  readonly perSecond: number;
  readonly answers: readonly Answer[];
}

export class Sockets {
  readonly #origin: string;
  readonly #count: number;
  readonly #agent: Agent;

  /** At most `count` of them, to a loopback `origin`; they open when they are first needed. */
  constructor(origin: string, count: number) {
    this.#origin = origin;
    this.#count = count;
    this.#agent = new Agent({ keepAlive: true, maxSockets: count });
  }

  /** Sends all as POST, as many at a time as there are sockets. */
  async send(requests: readonly LoadRequest[]): Promise<Load> {
    const answers: Answer[] = [];
    let next = 0;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: this.#count }, async () => {
        for (let one = requests[next]; one; one = requests[next]) {
          next += 1;
          answers.push(await this.#post(one));
        }
      }),
    );
    const seconds = (performance.now() - began) / 1000;
    return { perSecond: requests.length / seconds, answers };
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(one: LoadRequest): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sentAt = performance.now();
      const outgoing = request(
        new URL(one.path, this.#origin).href,
        {
          agent: this.#agent,
          method: "POST",
          headers: {
            ...one.headers,
            "content-type": "application/json",
            "content-length": Buffer.byteLength(one.body),
          },
        },
        (response) => {
          response.resume();
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, ms: performance.now() - sentAt }),
          );
          response.on("error", reject);
        },
      );
      outgoing.on("error", reject);
      outgoing.end(one.body);
    });
  }
}
