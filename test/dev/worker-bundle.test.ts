import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { copyAssets } from "../../dev/worker-bundle.ts";

let folder: string;
let built: string;
let kept: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atproto-cal-assets-"));
  built = join(folder, "public");
  kept = join(folder, "bundle", "public");
  mkdirSync(join(built, "assets"), { recursive: true });
  writeFileSync(join(built, "index.html"), '<script type="module" src="/assets/app-ONE.js"></script>');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(built, "assets", name), text);

it("a bundle keeps its UI when a later build takes the files away", async () => {
  write("app-ONE.js", 'import("./page-TWO.js")');
  write("page-TWO.js", "export {}");
  await copyAssets(built, kept);
  rmSync(built, { recursive: true });
  expect(readFileSync(join(kept, "assets", "page-TWO.js"), "utf8")).toBe("export {}");
});

it("a UI that another build is just replacing is copied again until it is whole", async () => {
  write("app-ONE.js", 'import("./page-TWO.js")');
  setTimeout(() => write("page-TWO.js", "export {}"), 150);
  await copyAssets(built, kept);
  expect(readFileSync(join(kept, "assets", "page-TWO.js"), "utf8")).toBe("export {}");
});
