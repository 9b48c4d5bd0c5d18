/**
 * A stand-in for Google Calendar on this machine: OAuth, the parts of the Calendar API that schedulers use, and push notifications.
 *
 * `node test/google/stand-in.ts --port 0 [--seed world.json]` prints its base URL, below which the paths are Google's own, and goes on until it
 * is told to stop. `POST <base>/_control/<name>` does what {@link Control} does.
 */

import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { answerControl } from "./control-http.ts";
import { createControl } from "./control.ts";
import type { Control } from "./control.ts";
import { Seed } from "./seeds.ts";
import { readBody, serve } from "./server.ts";
import type { Answered } from "./server.ts";
import { createState } from "./state.ts";

export interface GoogleOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default: the machine's clock. `advance` adds to it. */
  readonly now?: () => number;
  /** Sees every answer of Google's. */
  readonly onAnswer?: (answered: Answered) => void;
}

export interface Google extends Control {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it on 127.0.0.1. It knows nobody until it is seeded. */
export async function startGoogle(options: GoogleOptions = {}): Promise<Google> {
  const { port = 0, now = Date.now, onAnswer = () => undefined } = options;
  let advanced = 0;
  const state = createState(() => now() + advanced);
  const control = createControl(state, (ms) => {
    advanced += ms;
  });
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const answer = path.startsWith("/_control/")
      ? readBody(request).then(async (body) => {
          const { status, text } = await answerControl(control, path.slice("/_control/".length), body ?? "");
          response.writeHead(status, { "content-type": "application/json" }).end(text);
        })
      : serve(state, request, response, onAnswer);
    answer.catch(() => response.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stand-in has no port.");
  state.url = `http://127.0.0.1:${address.port}`;
  return {
    ...control,
    url: state.url,
    stop: async () => {
      state.channels.clear(); // Nobody is told of anything any more.
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: "string" }, seed: { type: "string" } } });
  const google = await startGoogle({ port: Number(values.port ?? "0") });
  if (values.seed !== undefined) google.seed(Seed.parse(JSON.parse(readFileSync(values.seed, "utf8"))));
  console.log(google.url);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void google.stop());
}
