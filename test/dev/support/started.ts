/** A script of this project in a process of its own, as a person starts it; everything it prints, and how it ends. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../dev/child.ts";
import { freePort } from "../../../dev/loopback.ts";

export interface Started {
  readonly pid: number;
  /** Settles once it has printed `text`. @throws with all it printed when it ends first */
  printed(text: string): Promise<void>;
  /** Settles when it ends. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  /** For `afterEach`: nothing happens when it has ended. */
  kill(): Promise<void>;
}

export function startScript(path: string, env: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, [join(projectRoot, path)], {
    // The test's own npm and network are not its.
    env: { ...process.env, npm_lifecycle_event: undefined, LOG_DESTINATION: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const heard = new EventTarget();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      heard.dispatchEvent(new Event("text"));
    });
  }
  let hasEnded = false;
  const ended = once(child, "close").then(() => {
    hasEnded = true;
    heard.dispatchEvent(new Event("text"));
    return { code: child.exitCode, output };
  });
  return {
    pid: child.pid ?? 0,
    ended,
    printed: async (text) => {
      while (!output.includes(text)) {
        if (hasEnded) throw new Error(`It ended without printing “${text}”:\n${output}`);
        await once(heard, "text");
      }
    },
    kill: async () => {
      if (!hasEnded) child.kill("SIGKILL");
      await ended;
    },
  };
}

/** The ports of a run, as its environment names them. */
export async function freePorts(): Promise<Record<string, string>> {
  const ports: Record<string, string> = {};
  for (const name of ["PORT", "PDS_PORT", "PLC_PORT", "SMTP_PORT", "MAIL_PORT"]) {
    ports[name] = String(await freePort());
  }
  return ports;
}

/** Whether this machine shows what other processes inherited (Linux does). */
export const seesEnvironments = existsSync("/proc/self/environ");

/** The processes that inherited `name=value`: whatever a run has started, in whichever process group. */
export function processesWith(name: string, value: string): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        return readFileSync(`/proc/${entry}/environ`, "utf8").split("\0").includes(`${name}=${value}`);
      } catch {
        return false; // It ended while we looked.
      }
    })
    .map(Number);
}
