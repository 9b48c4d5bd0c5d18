/** What is shipped: the worker, what the booking page loads, and how long the worker takes to start. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { projectRoot } from "../dev/child.ts";
import { bundleWorker, modulesOf } from "../dev/worker-bundle.ts";

export interface Sizes {
  readonly workerGzipKb: number;
  readonly bookingPageGzipKb: number;
  /** From workerd's own start-up profile. */
  readonly startupMs: number;
}

/** Builds as a deployment would and measures that. */
export async function measureSizes(): Promise<Sizes> {
  const folder = mkdtempSync(join(tmpdir(), "atproto-cal-sizes-"));
  try {
    const configPath = join(projectRoot, "wrangler.toml");
    await bundleWorker(folder, { configPath });
    const worker = modulesOf(folder).map(({ path }) => readFileSync(path));
    const profilePath = join(folder, "startup.cpuprofile");
    const wrangler = join(projectRoot, "node_modules/.bin/wrangler");
    execFileSync(wrangler, ["check", "startup", "--outfile", profilePath], {
      cwd: projectRoot,
      stdio: "ignore",
    });
    const profile = JSON.parse(readFileSync(profilePath, "utf8")) as { startTime: number; endTime: number };
    return {
      workerGzipKb: gzipKb(worker),
      bookingPageGzipKb: bookingPageKb(),
      startupMs: (profile.endTime - profile.startTime) / 1_000,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The page's own entry and everything it imports at once, plus the styles: what a stranger's phone loads. */
function bookingPageKb(): number {
  const assets = join(projectRoot, "public/assets");
  const names = readdirSync(assets);
  const byEntry = (entry: string) => names.find((name) => new RegExp(`^${entry}-\\w+\\.js$`).test(name));
  const wanted = [byEntry("main"), byEntry("book-time")].filter((name) => name !== undefined);
  const loaded = new Set<string>();
  while (wanted.length > 0) {
    const name = wanted.pop();
    if (name !== undefined && !loaded.has(name)) {
      loaded.add(name);
      const source = readFileSync(join(assets, name), "utf8");
      wanted.push(
        ...[...source.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)].flatMap((match) => match[1] ?? []),
      );
    }
  }
  const styles = names.filter((name) => name.endsWith(".css"));
  return [...loaded, ...styles].reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(assets, name)), { level: 9 }).length / 1024,
    0,
  );
}

function gzipKb(files: readonly Uint8Array[]): number {
  return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length / 1024, 0);
}
