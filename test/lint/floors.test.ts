import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const projectRoot = join(import.meta.dirname, "../..");

/** Where something is planted, what it is, and the rule that must refuse it. A rule never seen to fail is not a rule. */
const PLANTED: readonly (readonly [string, string, string])[] = [
  ["scheduling/a.ts", 'import "../adapters/atproto/identity.ts";', "no-restricted-imports"],
  ["scheduling/b.ts", 'import "zod";', "no-restricted-imports"],
  ["scheduling/c.ts", "export const now = () => Date.now();", "no-restricted-globals"],
  ["scheduling/d.ts", 'export const format = () => new Intl.DateTimeFormat("en");', "no-restricted-globals"],
  ["scheduling/e.ts", 'export const ask = () => fetch("https://x.example");', "no-restricted-globals"],
  ["lexicons/a.ts", 'import "../adapters/d1/outside.ts";', "no-restricted-imports"],
  ["lexicons/b.ts", 'import "drizzle-orm";', "no-restricted-imports"],
  ["migrations/a.ts", 'import "../worker/router.ts";', "no-restricted-imports"],
  ["migrations/b.ts", 'import "cloudflare:workers";', "no-restricted-imports"],
  ["adapters/ics/a.ts", 'import "../../durable-objects/outbox.ts";', "no-restricted-imports"],
  ["adapters/ics/b.ts", 'import "@atproto/api";', "no-restricted-imports"],
  ["adapters/ics/c.ts", 'import "drizzle-orm/d1";', "no-restricted-imports"],
  ["adapters/ics/d.ts", 'import "cloudflare:workers";', "no-restricted-imports"],
  ["adapters/ics/e.ts", 'import "cloudflare:sockets";', "no-restricted-imports"],
  ["adapters/calendars/a.ts", 'import "cloudflare:email";', "no-restricted-imports"],
  ["adapters/mail/a.ts", 'import "../../durable-objects/outbox.ts";', "no-restricted-imports"],
  ["adapters/mail/b.ts", 'import "@atproto/api";', "no-restricted-imports"],
  ["adapters/mail/c.ts", 'import "drizzle-orm/d1";', "no-restricted-imports"],
  ["adapters/mail/d.ts", 'import "cloudflare:workers";', "no-restricted-imports"],
  ["adapters/atproto/c.ts", 'import "cloudflare:sockets";', "no-restricted-imports"],
  ["adapters/d1/c.ts", 'import "cloudflare:sockets";', "no-restricted-imports"],
  ["scheduling/f.ts", 'import "cloudflare:sockets";', "no-restricted-imports"],
  ["lexicons/c.ts", 'import "cloudflare:sockets";', "no-restricted-imports"],
  ["adapters/d1/a.ts", 'import "../../worker/wire.ts";', "no-restricted-imports"],
  ["adapters/d1/b.ts", 'import "@atproto/syntax";', "no-restricted-imports"],
  ["adapters/atproto/a.ts", 'import "../../durable-objects/account/account.ts";', "no-restricted-imports"],
  ["adapters/atproto/b.ts", 'import "drizzle-orm";', "no-restricted-imports"],
  ["durable-objects/a.ts", 'import "../worker/router.ts";', "no-restricted-imports"],
  ["durable-objects/b.ts", 'import "@atproto/oauth-client-node";', "no-restricted-imports"],
  ["durable-objects/c.ts", 'import "drizzle-orm";', "no-restricted-imports"],
  ["durable-objects/d.ts", 'import "zod/mini";', "no-restricted-imports"],
  ["durable-objects/e.ts", 'import "cloudflare:sockets";', "no-restricted-imports"],
  ["worker/a.ts", 'import "../ui/api.ts";', "no-restricted-imports"],
  ["worker/b.ts", 'import "@atproto/api";', "no-restricted-imports"],
  ["worker/c.ts", 'import "drizzle-orm";', "no-restricted-imports"],
  ["worker/d.ts", 'import "../dev/network.ts";', "no-restricted-imports"],
  ["ui/a.ts", 'import "../adapters/d1/outside.ts";', "no-restricted-imports"],
  ["ui/b.ts", 'import { router } from "../worker/router.ts"; router;', "no-restricted-imports"],
  ["ui/c.ts", 'import { listSlots } from "../scheduling/slots.ts"; listSlots;', "no-restricted-imports"],
  ["worker/m.ts", 'import "cloudflare:email";', "no-restricted-imports"],
  ["worker/e.ts", "export const one: any = 1;", "no-explicit-any"],
  ["worker/f.ts", "// @ts-ignore\nexport const one = 1;", "ban-ts-comment"],
  ["worker/g.ts", "export default 1;", "no-default-export"],
  ["worker/h.ts", 'import { j } from "./j.ts"; export const h = j;', "no-cycle"],
  ["worker/j.ts", 'import { h } from "./h.ts"; export const j = h;', "no-cycle"],
  ["worker/k.ts", "export const go = () => { Promise.resolve(1); };", "no-floating-promises"],
  [
    "worker/l.ts",
    'export const say = (word: "a" | "b") => { switch (word) { case "a": return 1; } };',
    "switch-exhaustiveness-check",
  ],
];

/** The same kind of line where it is allowed. */
const ALLOWED: readonly (readonly [string, string])[] = [
  ["scheduling/time-zone.ts", 'export const format = () => new Intl.DateTimeFormat("en");'],
  ["adapters/atproto/ok.ts", 'import "@atproto/syntax";'],
  ["adapters/d1/ok.ts", 'import "drizzle-orm";'],
  ["adapters/mail/ok.ts", 'import "cloudflare:sockets"; import "cloudflare:email";'],
  ["durable-objects/ok.ts", 'import "cloudflare:workers"; import "../scheduling/slots.ts";'],
  ["worker/ok.ts", 'import "../durable-objects/ok.ts"; import "../adapters/d1/ok.ts"; import "zod/mini";'],
  ["ui/ok.ts", 'import type { BookingJson } from "../worker/wire.ts"; export type Row = BookingJson;'],
  ["ui/format.ts", 'import { zoneLabel } from "../scheduling/format.ts"; export const label = zoneLabel;'],
];

describe("the linter", () => {
  const folder = mkdtempSync(join(tmpdir(), "atproto-cal-lint-"));
  let found: { code: string; filename: string }[] = [];

  beforeAll(() => {
    cpSync(join(projectRoot, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
    const compilerOptions = {
      strict: true,
      module: "esnext",
      allowImportingTsExtensions: true,
      noEmit: true,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    for (const [path, source] of [...PLANTED, ...ALLOWED]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${source}\n`);
    }
    found = lint(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(PLANTED)("refuses in %s: %s (%s)", (path, _, rule) => {
    const codes = found.filter(({ filename }) => filename === path).map(({ code }) => code);
    expect(
      codes.some((code) => code.includes(`(${rule})`)),
      codes.join(", "),
    ).toBe(true);
  });

  it.each(ALLOWED)("allows in %s: %s", (path) => {
    const codes = found.filter(({ filename }) => filename === path).map(({ code }) => code);
    expect(codes.filter((code) => code.includes("no-restricted"))).toEqual([]);
  });
});

function lint(folder: string): { code: string; filename: string }[] {
  const oxlint = join(projectRoot, "node_modules/.bin/oxlint");
  let output: string;
  try {
    output = execFileSync(oxlint, ["--type-aware", "--format", "json"], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch (error) {
    // It exits with 1 because it found something, which is what we want.
    output = (error as { stdout: string }).stdout;
  }
  return (JSON.parse(output) as { diagnostics: { code: string; filename: string }[] }).diagnostics;
}
