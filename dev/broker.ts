/** The broker as it would be deployed, in Miniflare: the real bundle, bindings from wrangler.toml, state on disk. No dev proxy, no reload. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import {
  unstable_getMiniflareWorkerOptions as workerOptionsOf,
  unstable_readConfig as readConfig,
} from "wrangler";
import { startWebSession } from "../worker/web-session.ts";
import { applyMigrations } from "./d1-migrations.ts";
import { brokerDidOf, brokerSecrets, brokerVars } from "./broker-secrets.ts";
import { projectRoot } from "./child.ts";
import { leash } from "./leash.ts";
import { freePort, isPortFree, PortInUse } from "./loopback.ts";
import { assetsOf, bundleWorker, modulesOf } from "./worker-bundle.ts";
import { findWorkerd } from "./workerd-process.ts";

export interface BrokerOptions {
  readonly plcUrl: string;
  readonly pdsUrl: string;
  /** Absent: a free port. */
  readonly port?: number;
  /** Where D1, KV, the Durable Objects and the secrets are kept. Absent: a temporary folder that `stop` removes. */
  readonly dataDir?: string;
  /** A folder that `bundleWorker` filled. Absent: the worker and the UI are built first. */
  readonly bundleDir?: string;
  /** Added to, or instead of, the variables of wrangler.toml. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Also opens `directUrl`. */
  readonly direct?: boolean;
  /** Called with every line the worker writes. */
  readonly onLog?: (line: LogLine) => void;
  /** Stops a build that is under way. */
  readonly signal?: AbortSignal;
}

export interface LogLine {
  /** `log`, `warn`, `error`, … */
  readonly level: string;
  readonly message: string;
}

export interface Broker {
  /** `http://127.0.0.1:<port>`, as a browser must open it. */
  readonly url: string;
  readonly brokerDid: string;
  readonly dataDir: string;
  /** Plain workerd without Miniflare's entry and without assets: for measuring. Only with `direct`. */
  directUrl(): Promise<string>;
  /** Changes when workerd is started again. @throws while it is not running */
  workerdPid(): number;
  /** What the worker wrote, newest last; at most the last 5,000 lines. */
  logs(): readonly LogLine[];
  /** Asks D1. @throws on bad SQL */
  query(sql: string, ...values: (string | number | null)[]): Promise<Record<string, unknown>[]>;
  /** A `Cookie` header of somebody who is signed in, without the trip through their PDS: for measuring. */
  sessionCookie(account: { readonly did: string; readonly handle: string }): Promise<string>;
  /** Settles when the broker answers again, for instance after its workerd was killed. */
  answering(): Promise<void>;
  stop(): Promise<void>;
}

const MAX_LOG_LINES = 5_000;

/**
 * Builds (unless `bundleDir` is given), migrates D1, and serves on 127.0.0.1. workerd is started again if it dies.
 * @throws PortInUse
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const port = options.port ?? (await freePort());
  if (!(await isPortFree(port))) throw new PortInUse(port);
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "atproto-cal-broker-"));
  mkdirSync(dataDir, { recursive: true });
  const lines: LogLine[] = [];
  const write = (line: LogLine): void => {
    lines.push(line);
    if (lines.length > MAX_LOG_LINES) lines.shift();
    options.onLog?.(line);
  };
  let letGo = (): void => undefined;
  let heldPid: number | undefined;
  let miniflare: Miniflare | undefined;
  const stop = async (): Promise<void> => {
    await miniflare?.dispose();
    letGo();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  const holdWorkerd = (): void => {
    const pid = findWorkerd(port);
    if (pid === heldPid) return;
    letGo();
    heldPid = pid;
    letGo = pid === undefined ? () => undefined : leash(pid);
  };

  try {
    const configPath = join(projectRoot, "wrangler.toml");
    const bundleDir = options.bundleDir ?? join(dataDir, "bundle");
    if (options.bundleDir === undefined)
      await bundleWorker(bundleDir, { configPath, signal: options.signal });

    // wrangler would look for the secrets in .dev.vars and complain on the terminal; they come from `dataDir`.
    process.env["WRANGLER_LOG"] ??= "error";
    const config = readConfig({ config: configPath });
    const { modulesRules: _, assets, ...worker } = workerOptionsOf(config).workerOptions;
    const shared = {
      host: "127.0.0.1",
      // `wrangler dev --persist-to` adds this same folder, so both ways of running share their state.
      resourcePersistencePath: join(dataDir, "v3"),
      cf: false,
      logRequests: false,
      telemetry: { enabled: false },
      log: new LineLog(write),
    } as const;

    // Before the port opens: nobody may be answered from a database that is not there yet.
    await migrate(
      new Miniflare(
        convertV4MiniflareOptions({
          ...shared,
          port: 0,
          modules: [{ type: "ESModule", path: "nothing.js", contents: "export default {};" }],
          d1Databases: Object.fromEntries(
            config.d1_databases.map((db: { binding: string; database_id?: string }) => [
              db.binding,
              { id: db.database_id ?? db.binding },
            ]),
          ),
        }),
      ),
    );

    const running = new Miniflare(
      convertV4MiniflareOptions({
        ...worker,
        ...shared,
        // Part of each Durable Object's identity on disk.
        name: config.name ?? "atproto-cal",
        modules: modulesOf(bundleDir),
        modulesRoot: bundleDir,
        // Its own copy: a later build of the UI takes files away from public/.
        ...(typeof assets === "object" && { assets: { ...assets, directory: assetsOf(bundleDir) } }),
        bindings: {
          ...config.vars,
          ...brokerVars({ port, plcUrl: options.plcUrl, pdsUrl: options.pdsUrl }),
          ...brokerSecrets(dataDir),
          ...options.vars,
        },
        ...(options.direct === true ? { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] } : {}),
        port,
        handleStructuredLogs: write,
        // Mail can be handed in as Email Routing would: POST /cdn-cgi/local/email?from=…&to=… with the whole message.
        unsafeTriggerHandlers: true,
        unsafeHandleRuntimeRestart: holdWorkerd,
      }),
    );
    miniflare = running;
    // Held as soon as it exists: were we killed while it starts, it would keep the port.
    const early = setInterval(holdWorkerd, 50);
    await running.ready.finally(() => clearInterval(early));
    holdWorkerd();

    const url = `http://127.0.0.1:${port}`;
    return {
      url,
      brokerDid: brokerDidOf(port),
      dataDir,
      directUrl: async () => (await running.unsafeGetDirectURL()).origin,
      workerdPid: () => {
        const pid = findWorkerd(port);
        if (pid === undefined) throw new Error("workerd is not running.");
        return pid;
      },
      logs: () => lines,
      query: async (sql, ...values) => {
        const db = await running.getD1Database("DB");
        const { results } = await db
          .prepare(sql)
          .bind(...values)
          .all();
        return results;
      },
      sessionCookie: async (account) => {
        const env = {
          WEB_SESSIONS: await running.getKVNamespace("WEB_SESSIONS"),
          ...brokerSecrets(dataDir),
          PUBLIC_URL: url,
        };
        return (await startWebSession(env, account, Date.now())).split(";")[0] ?? "";
      },
      answering: () => answering(`${url}/.well-known/did.json`),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function migrate(database: Miniflare): Promise<void> {
  try {
    await applyMigrations(await database.getD1Database("DB"), join(projectRoot, "migrations"));
  } finally {
    await database.dispose();
  }
}

/** Miniflare's own remarks (a crash, a restart) as lines among the worker's. */
class LineLog extends Log {
  readonly #write: (line: LogLine) => void;

  constructor(write: (line: LogLine) => void) {
    super(LogLevel.WARN);
    this.#write = write;
  }

  override logWithLevel(level: LogLevel, message: string): void {
    if (level <= LogLevel.WARN) this.#write({ level: level === LogLevel.WARN ? "warn" : "error", message });
  }
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      if ((await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok) return;
    } catch {
      // Not listening yet.
    }
    if (tries >= 150) throw new Error(`${url} does not answer.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
