/** Radicale, the CalDAV server that every test run has: one Debian package, up in a second. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort, isInstalled, speaking, startProgram, stopProgram } from "./caldav-server.ts";
import type { CalDavServer } from "./caldav-server.ts";

export interface Radicale extends CalDavServer {
  /** The same server as somebody else knows it. */
  as(username: string): Omit<CalDavServer, "stop">;
  /** Where it keeps what it was given, one file for each resource. */
  readonly folder: string;
}

const PASSWORD = "an app password";

/** All of `usernames` have the same password; the first one asks, unless others are named. */
export async function startRadicale(
  usernames: readonly [string, ...string[]] = ["alice"],
): Promise<Radicale> {
  if (!isInstalled("radicale")) {
    throw new Error("These tests need a CalDAV server: apt-get install radicale");
  }
  const folder = await mkdtemp(join(tmpdir(), "atproto-cal-radicale-"));
  const port = await freePort();
  await writeFile(join(folder, "users"), usernames.map((name) => `${name}:${PASSWORD}\n`).join(""));
  await writeFile(
    join(folder, "config"),
    [
      "[server]",
      `hosts = 127.0.0.1:${port}`,
      "[auth]",
      "type = htpasswd",
      `htpasswd_filename = ${join(folder, "users")}`,
      "htpasswd_encryption = plain",
      // How long it waits before it says that a password is wrong.
      "delay = 0",
      "[rights]",
      "type = owner_only",
      "[storage]",
      `filesystem_folder = ${join(folder, "collections")}`,
      "",
    ].join("\n"),
  );
  const url = `http://127.0.0.1:${port}/`;
  const child = await startProgram("radicale", ["--config", join(folder, "config")], url);
  const as = (username: string): Omit<CalDavServer, "stop"> =>
    speaking(url, `/${encodeURIComponent(username)}/`, username, PASSWORD);
  return {
    ...as(usernames[0]),
    as,
    folder: join(folder, "collections/collection-root"),
    async stop() {
      await stopProgram(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
