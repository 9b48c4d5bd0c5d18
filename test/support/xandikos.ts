/** Xandikos, which takes any text and keeps it as it is. It asks nobody for a password. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort, isInstalled, speaking, startProgram, stopProgram } from "./caldav-server.ts";
import type { CalDavServer } from "./caldav-server.ts";

export const XANDIKOS_PACKAGES = "xandikos";

export function canRunXandikos(): boolean {
  return isInstalled("xandikos");
}

export async function startXandikos(): Promise<CalDavServer> {
  const folder = await mkdtemp(join(tmpdir(), "atproto-cal-xandikos-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const listen = ["-l", "127.0.0.1", "-p", String(port)];
  const user = ["--defaults", "--current-user-principal", "/alice/"];
  const child = await startProgram("xandikos", ["-d", folder, ...user, ...listen], url);
  return {
    ...speaking(url, "/alice/calendars/", "alice", "secret"),
    async stop() {
      await stopProgram(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
