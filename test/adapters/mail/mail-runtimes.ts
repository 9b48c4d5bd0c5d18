/** The two runtimes mail is sent from: Node, and workerd, where it will be. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "esbuild";
import type * as miniflareModule from "miniflare";
import { mailConfiguration } from "../../../adapters/mail/mail-configuration.ts";
import { createMailer } from "../../../adapters/mail/mailer.ts";
import { CERTIFICATE } from "./loopback-tls.ts";
import type { MailQuestion, MailTold } from "./mail-question.ts";
import { connectInNode } from "./node-sockets.ts";

export interface MailRuntime {
  send(question: MailQuestion): Promise<MailTold>;
  stop(): Promise<void>;
}

export const MAIL_RUNTIMES: readonly (readonly [string, () => Promise<MailRuntime>])[] = [
  ["Node", async () => ({ send: sendInNode, stop: async () => undefined })],
  ["workerd", startWorkerd],
];

async function sendInNode({ settings, message, now, ...limits }: MailQuestion): Promise<MailTold> {
  const configuration = mailConfiguration(settings);
  if (configuration === undefined) {
    return { error: "no mail" };
  }
  const makeRawMessage = (): never => {
    throw new Error("Node has no such messages");
  };
  return await createMailer(configuration, { connect: connectInNode, makeRawMessage, ...limits }).send(
    message,
    now,
  );
}

/** It trusts the certificate of the tests. */
export async function startWorkerd(): Promise<MailRuntime> {
  const worker = `
    import { tell } from "./mail-worker.ts";
    export default { fetch: async (request, env) => Response.json(await tell(await request.json(), env.EMAIL)) };
  `;
  const { outputFiles } = await build({
    stdin: { contents: worker, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:*"],
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) {
    throw new Error("esbuild made nothing");
  }
  const { convertV4MiniflareOptions, Miniflare } = await importMiniflare();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: "worker.js", contents: bundle.text }],
      compatibilityDate: "2026-11-01",
      cf: false,
      telemetry: { enabled: false },
      email: { send_email: [{ name: "EMAIL" }] },
    }),
  );
  const url = await miniflare.ready;
  return {
    send: async (question) => {
      const response = await fetch(url, { method: "POST", body: JSON.stringify(question) });
      if (!response.ok) {
        throw new Error(await response.text());
      }
      return await response.json<MailTold>();
    },
    stop: () => miniflare.dispose(),
  };
}

/** It reads once, when it is imported, which certificates workerd is to trust beside those that everybody does. */
async function importMiniflare(): Promise<
  Pick<typeof miniflareModule, "convertV4MiniflareOptions" | "Miniflare">
> {
  const folder = mkdtempSync(join(tmpdir(), "atproto-cal-tls-"));
  const path = join(folder, "certificate.pem");
  writeFileSync(path, CERTIFICATE);
  process.env["NODE_EXTRA_CA_CERTS"] = path;
  try {
    return await import("miniflare");
  } finally {
    delete process.env["NODE_EXTRA_CA_CERTS"];
    rmSync(folder, { recursive: true });
  }
}
