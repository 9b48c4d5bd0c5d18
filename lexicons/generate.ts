/** Generates lexicons/generated/ from the lexicon JSON beside it: run by `npm run generate:lexicons`, never by the product. */

import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const out = join(here, "generated");
// Inside the project, so that the compiler below finds @atproto/lex-schema.
const sources = mkdtempSync(join(here, ".generating-"));

try {
  run("ts-lex", [
    "build",
    "--lib",
    "@atproto/lex-schema",
    "--lexicons",
    join(here, "social"),
    "--out",
    sources,
  ]);
  // The builder's sources do not pass our `exactOptionalPropertyTypes`, so they are compiled without it and kept as
  // JavaScript and declarations. Its index files are left behind: the product imports the definitions themselves.
  const definitions = globSync(join(sources, "**", "*.defs.ts")).toSorted();
  const options =
    "--ignoreConfig --declaration --strict --skipLibCheck --newLine lf --target es2024 --module esnext --moduleResolution bundler";
  rmSync(out, { recursive: true, force: true });
  run("tsc", [...definitions, ...options.split(" "), "--types", "", "--rootDir", sources, "--outDir", out]);
} finally {
  rmSync(sources, { recursive: true, force: true });
}

function run(command: string, args: string[]): void {
  execFileSync(join(here, "..", "node_modules", ".bin", command), args, { stdio: "inherit" });
}
