/** Builds the UI and the worker once for all journeys (vitest `globalSetup`); without it every test file builds its own. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../dev/child.ts";
import { bundleWorker } from "../../../dev/worker-bundle.ts";

const BUNDLE_DIR = "ATPROTO_CAL_BUNDLE_DIR";

/** The bundle that was built for all, if there is one. */
export function sharedBundle(): string | undefined {
  return process.env[BUNDLE_DIR];
}

/** Called by vitest before the first test file; the returned function after the last. */
export async function setup(): Promise<() => void> {
  const bundleDir = mkdtempSync(join(tmpdir(), "atproto-cal-bundle-"));
  await bundleWorker(bundleDir, { configPath: join(projectRoot, "wrangler.toml") });
  process.env[BUNDLE_DIR] = bundleDir;
  return () => {
    delete process.env[BUNDLE_DIR];
    rmSync(bundleDir, { recursive: true, force: true });
  };
}
