import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectRoot } from "../../dev/child.ts";

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
}
interface Manifest {
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(projectRoot, path), "utf8"));

it("every package with an install script is allowed or refused by name, and only Node's runs", () => {
  const { packages } = read("package-lock.json") as Lockfile;
  const { allowScripts } = read("package.json") as Manifest;
  const withScript = Object.keys(packages)
    .filter((path) => packages[path]?.hasInstallScript === true)
    .map((path) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
  expect(withScript.filter((name) => allowScripts[name] === undefined)).toEqual([]);
  expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(["node"]);
});

it("whoever has a binding.gyp also brings the binary for this machine", () => {
  const modules = join(projectRoot, "node_modules");
  const native = readdirSync(modules).filter((name) => existsSync(join(modules, name, "binding.gyp")));
  expect(native).toEqual(["better-sqlite3"]);
  expect(readdirSync(join(modules, "better-sqlite3", "prebuilds"))).toContain(
    `${process.platform}-${process.arch}.node`,
  );
});
