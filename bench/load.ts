/** A closed-loop load over loopback: a fixed number of keep-alive sockets, each sending its next request when the last was answered. */

import { Agent, request } from "node:http";

export interface LoadRequest {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** How many answers had each status. */
  readonly statuses: ReadonlyMap<number, number>;
}

/** Sends every request of `requests` as POST to a loopback `origin` with `concurrency` sockets. */
export async function run(
  origin: string,
  concurrency: number,
  requests: readonly LoadRequest[],
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const latencies: number[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (;;) {
        const one = requests[next];
        next += 1;
        if (!one) {
          return;
        }
        const sent = performance.now();
        const status = await post(agent, origin, one);
        latencies.push(performance.now() - sent);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  latencies.sort((a, b) => a - b);
  return {
    perSecond: requests.length / seconds,
    p50: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    statuses,
  };
}

function post(agent: Agent, origin: string, one: LoadRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(one.path, origin).href,
      {
        agent,
        method: "POST",
        headers: {
          ...one.headers,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(one.body),
        },
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
        response.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(one.body);
  });
}
