/** The two runtimes the code is asked in: Node, and workerd, where it will run. */

import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

import { ask } from "./question.ts";
import type { Question, Told } from "./question.ts";

export interface Runtime<Asked = Question> {
  ask(question: Asked): Promise<Told>;
  stop(): Promise<void>;
}

type Starts<Asked> = readonly (readonly [string, () => Promise<Runtime<Asked>>])[];

export const RUNTIMES = runtimesFor(ask, "./question.ts");

/** @param path where `ask` is exported, from here: workerd has to bundle it. Its questions are plain data. */
export function runtimesFor<Asked>(
  askHere: (question: Asked) => Promise<Told>,
  path: `${"./" | "../"}${string}`,
): Starts<Asked> {
  return [
    ["Node", async () => ({ ask: askHere, stop: async () => undefined })],
    ["workerd", () => startWorkerd<Asked>(path)],
  ];
}

async function startWorkerd<Asked>(path: string): Promise<Runtime<Asked>> {
  const worker = `
    import { ask } from "${path}";
    export default { fetch: async (request) => Response.json(await ask(await request.json())) };
  `;
  const { outputFiles } = await build({
    stdin: { contents: worker, resolveDir: import.meta.dirname, loader: "ts" },
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
