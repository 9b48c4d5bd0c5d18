/** Fails when a generated file is not what its generator makes today. It is brought up to date on the way: look at it and commit it. */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./child.ts";

const GENERATED: readonly { readonly path: string; readonly command: string }[] = [
  { path: "lexicons/generated", command: "npm run --silent generate:lexicons" },
  { path: "migrations", command: "npm run --silent generate:migrations" },
  { path: "worker-configuration.d.ts", command: "npm run --silent generate:env" },
];

const stale = GENERATED.filter(({ path, command }) => {
  const before = contentOf(path);
  execFileSync("/bin/sh", ["-c", command], { cwd: projectRoot, stdio: ["ignore", "ignore", "inherit"] });
  return contentOf(path) !== before;
});
for (const { path, command } of stale) {
  console.error(`${path} was out of date; \`${command}\` has just remade it. Commit it.`);
}
process.exitCode = stale.length === 0 ? 0 : 1;

function contentOf(path: string): string {
  const full = join(projectRoot, path);
  const files = path.includes(".")
    ? [full]
    : readdirSync(full, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted();
  return files.map((file) => `${file}\n${readFileSync(file, "utf8")}`).join("\n");
}
