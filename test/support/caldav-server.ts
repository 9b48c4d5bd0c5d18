/** A real CalDAV server of one test file: started in a folder of its own, asked with plain HTTP, and stopped. */

import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface CalDavServer {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Asks as its user. `path` may be a whole address. */
  ask(method: string, path: string | URL, body?: string, headers?: Record<string, string>): Promise<Response>;
  /** A new calendar in its user's home, with these properties (XML, prefixes `d` and `c`). */
  makeCalendar(name: string, properties?: string): Promise<URL>;
  /** PUTs an iCalendar text and answers with the status; a server may refuse it. */
  put(calendar: URL, name: string, text: string): Promise<number>;
  stop(): Promise<void>;
}

/** Whether a program of that name can be run here. */
export function isInstalled(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") {
    throw new Error("no port");
  }
  return address.port;
}

/** Starts a program and waits until `url` answers anything at all. What it printed is in the error when it does not. */
export async function startProgram(
  command: string,
  args: readonly string[],
  url: string,
  cwd?: string,
): Promise<ChildProcess> {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd !== undefined && { cwd }),
  });
  // Where the tests are interrupted, nobody stops it.
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part: Buffer) => {
      printed = (printed + part.toString()).slice(-2_000);
    });
  }
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (child.exitCode !== null) {
      throw new Error(`${command} ended: ${printed}`);
    }
    const answer = await fetch(url, { redirect: "manual" }).catch(() => undefined);
    if (answer !== undefined) {
      await answer.body?.cancel();
      return child;
    }
    await sleep(100);
  }
  child.kill("SIGKILL");
  throw new Error(`${command} did not answer within 15 seconds: ${printed}`);
}

export async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const hard = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(hard);
  }
}

/** The ways to ask, for a server whose calendars lie below `home`. */
export function speaking(
  url: string,
  home: string,
  username: string,
  password: string,
): Omit<CalDavServer, "stop"> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const ask: CalDavServer["ask"] = (method, path, body, headers = {}) =>
    fetch(new URL(path, url), {
      method,
      headers: { authorization, ...headers },
      ...(body !== undefined && { body }),
    });
  return {
    url,
    username,
    password,
    ask,
    async makeCalendar(name, properties = "") {
      const calendar = new URL(`${home}${encodeURIComponent(name)}/`, url);
      // Some servers do not know what to do with a body that sets nothing.
      const body =
        properties === ""
          ? undefined
          : `<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>${properties}</d:prop></d:set></c:mkcalendar>`;
      const answer = await ask(
        "MKCALENDAR",
        calendar,
        body,
        body ? { "content-type": "application/xml" } : {},
      );
      if (answer.status !== 201) {
        throw new Error(`MKCALENDAR: ${answer.status} ${await answer.text()}`);
      }
      return calendar;
    },
    async put(calendar, name, text) {
      const answer = await ask("PUT", new URL(`${encodeURIComponent(name)}.ics`, calendar), text, {
        "content-type": "text/calendar; charset=utf-8",
      });
      await answer.body?.cancel();
      return answer.status;
    },
  };
}
