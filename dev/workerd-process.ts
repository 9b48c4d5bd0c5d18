/** Finds the workerd process behind a port. Only looks; ends nothing. */

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** The id of the workerd that Miniflare started for this port of 127.0.0.1, if it runs now. Linux and macOS. */
export function findWorkerd(port: number): number | undefined {
  // Miniflare tells nobody the process id, but it does put the address on workerd's command line.
  const address = `--socket-addr=entry=127.0.0.1:${port}`;
  return commandLines().find(({ words }) => words.includes(address))?.pid;
}

function commandLines(): { pid: number; words: string[] }[] {
  if (!existsSync("/proc/self/cmdline")) {
    const lines = execFileSync("ps", ["-axww", "-o", "pid=,args="], { encoding: "utf8" }).trim().split("\n");
    return lines.map((line) => {
      const [pid, ...words] = line.trim().split(/\s+/);
      return { pid: Number(pid), words };
    });
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ pid: Number(name), words: readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0") }];
      } catch {
        return []; // It ended while we looked.
      }
    });
}
