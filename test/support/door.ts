/** A door before a real server: open, it lets everything through; else it is shut, or somebody else answers in the server's place. */

import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What is answered instead. */
export interface DoorAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The connection breaks after half of the body. */
  readonly isCut?: boolean;
}

export interface Door {
  /** Its address, without a slash at the end; the paths are those of the server. */
  readonly url: string;
  /** As in the beginning. */
  open(): Promise<void>;
  /** Connections are refused, as by a server that is down. */
  shut(): Promise<void>;
  /** Requests whose path has `path` in it are answered so; all of them without it. Others go on to the server. */
  answer(answer: DoorAnswer, path?: string): void;
  stop(): Promise<void>;
}

/** Starts one on loopback, open, before the server at `target`. */
export async function startDoor(target: string): Promise<Door> {
  let instead: { readonly answer: DoorAnswer; readonly path: string } | undefined;
  const server = createServer((incoming, response) => {
    if (instead && (incoming.url ?? "").includes(instead.path)) say(instead.answer, incoming, response);
    else letThrough(target, incoming, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const shut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    async open() {
      instead = undefined;
      if (server.listening) return;
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    shut,
    answer(answer, path = "") {
      instead = { answer, path };
    },
    stop: shut,
  };
}

function say(
  { status, headers = {}, body = "", isCut }: DoorAnswer,
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  incoming.resume();
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, "content-length": String(bytes.length) });
  if (isCut === true) response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  else response.end(bytes);
}

function letThrough(target: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url = "/" } = incoming;
  const onward = request(new URL(url, target).href, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  onward.on("error", () => response.destroy());
  incoming.pipe(onward);
}
