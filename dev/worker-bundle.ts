/** Builds what would be deployed into one folder: the worker and a copy of the UI. Never deploys, never serves. */

import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { extname, join } from "node:path";
import { projectRoot, startWrangler } from "./child.ts";

export interface BundledModule {
  readonly type: "ESModule" | "CompiledWasm" | "Text" | "Data";
  readonly path: string;
}

/**
 * Runs wrangler's own bundler (which first runs `[build]`, the UI) into `outDir`, and keeps the UI beside the worker: public/ is
 * rebuilt by whoever builds next, and its hashed files must not vanish under a server that still names them.
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
  await copyAssets(join(projectRoot, "public"), assetsOf(outDir));
}

/** The UI of a bundle. */
export function assetsOf(bundleDir: string): string {
  return join(bundleDir, "public");
}

/**
 * Copies a built UI. Somebody else's build may be replacing it meanwhile, so a copy that is not whole is made again.
 * @throws when it is not whole after five seconds
 */
export async function copyAssets(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    rmSync(to, { recursive: true, force: true });
    try {
      cpSync(from, to, { recursive: true });
      const missing = namedAssets(to).find((path) => !existsSync(join(to, path)));
      if (missing === undefined) return;
      throw new Error(`The page names ${missing}, which the build did not leave in ${from}.`);
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The hashed files that the page and its scripts name. */
function namedAssets(folder: string): string[] {
  const assets = readdirSync(join(folder, "assets")).map((name) => join(folder, "assets", name));
  const texts = [join(folder, "index.html"), ...assets.filter((path) => path.endsWith(".js"))];
  return texts.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/["'](?:\.|\/assets)\/([\w-]+\.(?:js|css))["']/g)].map(
      ([, name]) => `assets/${name}`,
    ),
  );
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
