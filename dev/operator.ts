/** `npm run operator -- outbox|retry|rebuild|reconcile|reseal <host>`, or `…-all [host …]`: what an operator asks of a running broker. */

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
npm run operator -- reseal <person>    seals their secrets under the active key of SEALING_KEYS, says how many were under another
npm run operator -- reseal-all         reseal, for everybody of whom D1 has anything
npm run operator -- reseal-all <person> …

<host> is a DID or the id of a HostCalendar, <person> may also be the id of an Account. A D1 that was lost knows nobody, and who never
booked or was booked is not in it: Cloudflare lists the namespaces (GET /accounts/<account>/workers/durable_objects/namespaces; by class,
HostCalendar and Account) and the ids of a namespace's objects (GET …/namespaces/<namespace>/objects; take those with hasStoredData).
Before a key is taken out of SEALING_KEYS: reseal-all, then reseal-all with the ids of both namespaces. Secrets that are \`lost\` were
sealed under a key that is not there any more.

OPERATOR_URL says which broker, OPERATOR_TOKEN is its secret of that name. Without both it is the one that \`npm start\` runs.`;

const ROUTES: Readonly<Record<string, readonly [method: "GET" | "POST", path: string]>> = {
  outbox: ["GET", "outbox"],
  retry: ["POST", "outbox/retry"],
  rebuild: ["POST", "rebuild"],
  reconcile: ["POST", "reconcile"],
  reseal: ["POST", "reseal"],
};

/** How many secrets of a person: sealed under the active key now, before, and under a key that is not there any more. */
type Resealed = Record<"resealed" | "current" | "lost", number>;

process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;

/** True where everything that was asked for was done. */
async function run(args: string[]): Promise<boolean> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [what = "", ...hosts] = positionals;
  const [host] = hosts;
  if (what === "rebuild-all") {
    return rebuildAll(hosts.length > 0 ? hosts : await known("hosts"));
  }
  if (what === "reseal-all") {
    return resealAll(hosts.length > 0 ? hosts : await known("people"));
  }
  if (ROUTES[what] === undefined || host === undefined || hosts.length > 1) {
    console.error(USAGE);
    return false;
  }
  const answer = await ask(what, host);
  console.log(JSON.stringify(answer.body, undefined, 2));
  return answer.ok;
}

async function rebuildAll(hosts: readonly string[]): Promise<boolean> {
  const done = await askAll("rebuild", hosts);
  console.log(`${done.length} of ${hosts.length} hosts write everything into D1 again.`);
  return done.length === hosts.length;
}

async function resealAll(people: readonly string[]): Promise<boolean> {
  const done = (await askAll("reseal", people)) as Record<"connections" | "account", Resealed>[];
  const total = (of: keyof Resealed): number =>
    done.reduce((sum, { connections, account }) => sum + connections[of] + account[of], 0);
  console.log(
    `${done.length} of ${people.length} people were asked about: ${total("resealed")} secrets are under the active key since now, ` +
      `${total("current")} since before, ${total("lost")} are lost.`,
  );
  return done.length === people.length;
}

/** The answers of those with whom it went well, one after the other; one that fails does not stop the others. */
async function askAll(what: string, hosts: readonly string[]): Promise<unknown[]> {
  const done: unknown[] = [];
  for (const host of hosts) {
    const { ok, body } = await ask(what, host);
    if (ok) done.push(body);
    console.log(host, JSON.stringify(body));
  }
  return done;
}

/** Everybody whom the broker knows to be one of these. */
async function known(whom: "hosts" | "people"): Promise<string[]> {
  const dids: string[] = [];
  let after: string | undefined = "";
  while (after !== undefined) {
    const { ok, body } = await call("GET", `/api/operator/${whom}?after=${encodeURIComponent(after)}`);
    if (!ok) {
      throw new Error(`The broker does not say which ${whom} it knows: ${JSON.stringify(body)}`);
    }
    const page = body as { hosts?: string[]; people?: string[]; after?: string };
    dids.push(...(page[whom] ?? []));
    after = page.after;
  }
  return dids;
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
