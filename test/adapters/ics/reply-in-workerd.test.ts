/** That answers are read in the runtime they come to as they are in Node. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readReply } from "../../../adapters/ics/reply.ts";

const WORKER = `
  import { readReply } from "../../../adapters/ics/reply.ts";
  export default {
    fetch: async (request) => Response.json(await readReply(new Uint8Array(await request.arrayBuffer())) ?? null),
  };
`;

let miniflare: Miniflare;
let url: URL;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: WORKER, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
  });
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: "worker.js", contents: outputFiles[0]!.text }],
      compatibilityDate: "2026-11-01",
      cf: false,
      telemetry: { enabled: false },
    }),
  );
  url = await miniflare.ready;
}, 30_000);
afterAll(() => miniflare?.dispose());

it.each(["gmail", "outlook", "apple", "thunderbird"])("workerd reads %s as Node does", async (name) => {
  const raw = readFileSync(join(import.meta.dirname, `replies/${name}.eml`));
  const answer = await fetch(url, { method: "POST", body: raw });
  expect(await answer.json()).toEqual(await readReply(raw));
});

it("workerd says of nothing that it is none", async () => {
  const answer = await fetch(url, { method: "POST", body: "Content-Type: text/calendar\r\n\r\nBEGIN:" });
  expect(await answer.json()).toBeNull();
});
