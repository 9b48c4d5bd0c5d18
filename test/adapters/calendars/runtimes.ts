/** The two runtimes the code is asked in: Node, and workerd, where it will run. */

import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

import { ask } from "./question.ts";
import type { Question, Told } from "./question.ts";

export interface Runtime {
  ask(question: Question): Promise<Told>;
  stop(): Promise<void>;
}

export const RUNTIMES: readonly (readonly [string, () => Promise<Runtime>])[] = [
  ["Node", async () => ({ ask, stop: async () => undefined })],
  ["workerd", startWorkerd],
];

const WORKER = `
  import { ask } from "./question.ts";
  export default { fetch: async (request) => Response.json(await ask(await request.json())) };
`;

async function startWorkerd(): Promise<Runtime> {
  const { outputFiles } = await build({
    stdin: { contents: WORKER, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) {
    throw new Error("esbuild made nothing");
  }
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: "worker.js", contents: bundle.text }],
      compatibilityDate: "2026-11-01",
      cf: false,
      telemetry: { enabled: false },
    }),
  );
  const url = await miniflare.ready;
  return {
    ask: async (question) => {
      const response = await fetch(url, { method: "POST", body: JSON.stringify(question) });
      if (!response.ok) {
        throw new Error(await response.text());
      }
      return await response.json<Told>();
    },
    stop: () => miniflare.dispose(),
  };
}
