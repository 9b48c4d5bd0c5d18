/** Runs one command of this project to its end, or until told to stop. Never leaves it or its children behind. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { leash } from "./leash.ts";

/** The folder of package.json. */
export const projectRoot = join(import.meta.dirname, "..");

export interface RunningChild {
  /** Settles when the command and everything it started have ended. */
  readonly exited: Promise<{ readonly code: number | null; readonly output: string }>;
  /** Ends the command and its children. */
  stop(): Promise<void>;
}

/** Telemetry, prompts and look-ups of wrangler that need the internet or a person. */
const QUIET_WRANGLER = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  DO_NOT_TRACK: "1",
  CI: "1",
};

/**
 * Starts wrangler in a process group of its own, so that it can be ended together with what it starts (esbuild, workerd).
 * @param output "collect" keeps what it prints; "show" lets it print to this terminal
 */
export function startWrangler(args: readonly string[], output: "collect" | "show"): RunningChild {
  const wrangler = join(
    dirname(createRequire(import.meta.url).resolve("wrangler/package.json")),
    "bin/wrangler.js",
  );
  const child = spawn(process.execPath, [wrangler, ...args], {
    cwd: projectRoot,
    detached: true,
    env: { ...process.env, ...QUIET_WRANGLER },
    stdio: output === "show" ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
  });
  const group = child.pid;
  const letGo = group === undefined ? undefined : leash(-group);
  const killGroup = (signal: NodeJS.Signals): void => {
    if (group === undefined) return;
    try {
      process.kill(-group, signal);
    } catch {
      // The group is already empty.
    }
  };

  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  const exited = once(child, "exit").then(([code]: unknown[]) => {
    killGroup("SIGKILL");
    letGo?.();
    return { code: typeof code === "number" ? code : null, output: text };
  });
  return {
    exited,
    stop: async () => {
      killGroup("SIGTERM");
      const patience = setTimeout(() => killGroup("SIGKILL"), 3_000);
      await exited.catch(() => undefined);
      clearTimeout(patience);
    },
  };
}
