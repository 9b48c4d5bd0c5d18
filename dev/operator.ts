/** `npm run operator -- outbox|retry|rebuild|reconcile <host>`, or `rebuild-all [host …]`: what an operator asks of a running broker. */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { brokerSecrets } from "./broker-secrets.ts";
import { projectRoot } from "./child.ts";

const USAGE = `npm run operator -- outbox <host>      what waits for D1 and what was parked, since when and why
npm run operator -- retry <host>       tries again what was parked
npm run operator -- rebuild <host>     writes everything into D1 again that the host's authority can say
npm run operator -- reconcile <host>   compares with D1, mends what differs, says how much
npm run operator -- rebuild-all        rebuild, for every host of whom D1 has bookings
npm run operator -- rebuild-all <host> …

<host> is a DID or the id of a HostCalendar. A D1 that was lost knows no hosts: Cloudflare lists the ids of a namespace's objects
(GET /accounts/<account>/workers/durable_objects/namespaces/<namespace>/objects; take those with hasStoredData).
OPERATOR_URL says which broker, OPERATOR_TOKEN is its secret of that name. Without both it is the one that \`npm start\` runs.`;

const ROUTES: Readonly<Record<string, readonly [method: "GET" | "POST", path: string]>> = {
  outbox: ["GET", "outbox"],
  retry: ["POST", "outbox/retry"],
  rebuild: ["POST", "rebuild"],
  reconcile: ["POST", "reconcile"],
};

process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;

/** True where everything that was asked for was done. */
async function run(args: string[]): Promise<boolean> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [what = "", ...hosts] = positionals;
  const [host] = hosts;
  if (what === "rebuild-all") {
    return rebuildAll(hosts.length > 0 ? hosts : await knownHosts());
  }
  if (ROUTES[what] === undefined || host === undefined || hosts.length > 1) {
    console.error(USAGE);
    return false;
  }
  const answer = await ask(what, host);
  console.log(JSON.stringify(answer.body, undefined, 2));
  return answer.ok;
}

/** One host after the other; one that fails does not stop the others. */
async function rebuildAll(hosts: readonly string[]): Promise<boolean> {
  let failed = 0;
  for (const host of hosts) {
    const { ok, body } = await ask("rebuild", host);
    failed += Number(!ok);
    console.log(host, JSON.stringify(body));
  }
  console.log(`${hosts.length - failed} of ${hosts.length} hosts write everything into D1 again.`);
  return failed === 0;
}

async function knownHosts(): Promise<string[]> {
  const hosts: string[] = [];
  let after: string | undefined = "";
  while (after !== undefined) {
    const { ok, body } = await call("GET", `/api/operator/hosts?after=${encodeURIComponent(after)}`);
    if (!ok) {
      throw new Error(`The broker does not say which hosts it knows: ${JSON.stringify(body)}`);
    }
    const page = body as { hosts: string[]; after?: string };
    hosts.push(...page.hosts);
    after = page.after;
  }
  return hosts;
}

function ask(what: string, host: string): Promise<{ ok: boolean; body: unknown }> {
  const [method, path] = ROUTES[what] ?? ["GET", what];
  return call(method, `/api/operator/hosts/${encodeURIComponent(host)}/${path}`);
}

async function call(method: string, path: string): Promise<{ ok: boolean; body: unknown }> {
  const { url, token } = operatedBroker();
  const answer = await fetch(new URL(path, url), {
    method,
    headers: { authorization: `Bearer ${token}` },
    redirect: "error",
  });
  return { ok: answer.ok, body: await answer.json() };
}

/** The broker that the environment names, or else the one of a local run with the secrets that were made for it. */
function operatedBroker(): { url: string; token: string } {
  const { OPERATOR_URL: url, OPERATOR_TOKEN: token, DATA_DIR: dataDir, PORT: port = "8787" } = process.env;
  if (url !== undefined || token !== undefined) {
    return { url: url ?? `http://127.0.0.1:${port}`, token: token ?? "" };
  }
  const secrets = brokerSecrets(join(dataDir ?? join(projectRoot, ".local"), "broker"));
  return { url: `http://127.0.0.1:${port}`, token: secrets.OPERATOR_TOKEN };
}
