/** Makes sure that a process does not outlive this one, even when this one is killed with SIGKILL. Never touches a process it was not given. */

import { spawn } from "node:child_process";

/**
 * Kills `target` when this process ends for any reason. A small shell waits on a pipe that the kernel closes with us.
 * @param target a process id, or a negative process group id
 * @returns lets go again: call it once the target has ended, since ids are reused
 */
export function leash(target: number): () => void {
  const keeper = spawn("/bin/sh", ["-c", `read -r _; kill -s KILL -- ${Math.trunc(target)}`], {
    // Its own group, so that a Ctrl-C in the terminal does not end it first.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  keeper.on("error", () => undefined);
  keeper.stdin.on("error", () => undefined);
  keeper.unref();
  return () => {
    keeper.kill("SIGKILL");
  };
}
