/** Builds what would be deployed: the UI into public/ and the worker into one folder. Never deploys. */

import { readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { startWrangler } from "./child.ts";

export interface BundledModule {
  readonly type: "ESModule" | "CompiledWasm" | "Text" | "Data";
  readonly path: string;
}

/**
 * Runs wrangler's own bundler (which first runs `[build]`, the UI) into `outDir`.
 * @param signal stops the build
 * @throws with wrangler's output when the build fails
 */
export async function bundleWorker(
  outDir: string,
  options: {
    readonly configPath: string;
    /** Instead of the `main` of the configuration. */
    readonly entry?: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  options.signal?.throwIfAborted();
  const build = startWrangler(
    [
      "deploy",
      ...(options.entry === undefined ? [] : [options.entry]),
      "--dry-run",
      `--outdir=${outDir}`,
      `--config=${options.configPath}`,
    ],
    "collect",
  );
  const stop = (): void => void build.stop();
  options.signal?.addEventListener("abort", stop);
  const { code, output } = await build.exited;
  options.signal?.removeEventListener("abort", stop);
  options.signal?.throwIfAborted();
  if (code !== 0) throw new Error(`The worker does not build:\n${output}`);
}

/** The modules of a bundle, the main one first. */
export function modulesOf(bundleDir: string): BundledModule[] {
  const modules = readdirSync(bundleDir)
    .map((name) => ({ name, type: MODULE_TYPES[extname(name)] }))
    .flatMap(({ name, type }) => (type === undefined ? [] : [{ type, path: join(bundleDir, name) }]));
  return modules.toSorted((a, b) => Number(b.type === "ESModule") - Number(a.type === "ESModule"));
}

const MODULE_TYPES: Record<string, BundledModule["type"]> = {
  ".js": "ESModule",
  ".wasm": "CompiledWasm",
  ".sql": "Text",
  ".txt": "Text",
  ".html": "Text",
  ".bin": "Data",
};
