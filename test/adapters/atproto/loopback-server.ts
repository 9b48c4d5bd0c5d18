/** A plain HTTP server on loopback that answers as a test says: well, badly, or never. */

import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface LoopbackServer {
  readonly url: string;
  /** Paths with their query, in the order they were asked. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

export async function startServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<LoopbackServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((ready) => {
    server.listen(0, "127.0.0.1", ready);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("no port");
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
