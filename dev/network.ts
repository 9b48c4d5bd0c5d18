/** A real atproto network on this machine: a PLC directory and a PDS, offline and on loopback. Never contacts the internet. */

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccount, signIn } from "./account.ts";
import type { LocalAccount, NewAccount } from "./account.ts";
import { keptStrings } from "./kept-json.ts";
import { freePort, listenOnLoopback } from "./loopback.ts";
import { PlcStore } from "./plc-store.ts";

export interface NetworkOptions {
  /** Where accounts and records are kept. Absent: a temporary folder that `stop` removes. */
  readonly dataDir?: string;
  /** Absent: a free port. */
  readonly plcPort?: number;
  /** Absent: a free port. */
  readonly pdsPort?: number;
}

export interface Network {
  readonly plcUrl: string;
  readonly pdsUrl: string;
  readonly dataDir: string;
  /** Makes an account; anybody may, without an invitation. @throws when the PDS refuses (a taken handle, …) */
  createAccount(account: NewAccount): Promise<LocalAccount>;
  /** Opens a password session. @throws when the PDS refuses */
  signIn(handle: string, password: string): Promise<LocalAccount>;
  stop(): Promise<void>;
}

/**
 * Starts the directory and the PDS and waits until both answer.
 * @throws PortInUse
 */
export async function startNetwork(options: NetworkOptions = {}): Promise<Network> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "atproto-cal-network-"));
  const undo: (() => Promise<void> | void)[] = [];
  if (options.dataDir === undefined) undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };

  try {
    mkdirSync(join(dataDir, "pds", "blobs"), { recursive: true });
    logToFile(join(dataDir, "network.log"));
    const plcPort = options.plcPort ?? (await freePort());
    const pdsPort = options.pdsPort ?? (await freePort());
    const plcUrl = `http://localhost:${plcPort}`;
    const pdsUrl = `http://localhost:${pdsPort}`;
    const store = await startDirectory(dataDir, plcPort, undo);
    await startPds(dataDir, plcUrl, pdsPort, store, undo);
    return {
      plcUrl,
      pdsUrl,
      dataDir,
      createAccount: (account) => createAccount(pdsUrl, account),
      signIn: (handle, password) => signIn(pdsUrl, handle, password),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Undo = (() => Promise<void> | void)[];

/** Both servers read these when they are first imported, which is why they are imported below and not on top. */
function logToFile(path: string): void {
  process.env["LOG_ENABLED"] ??= "true";
  process.env["LOG_LEVEL"] ??= "warn";
  process.env["LOG_DESTINATION"] ??= path;
}

async function startDirectory(dataDir: string, port: number, undo: Undo): Promise<PlcStore> {
  const { PlcServer } = await import("@did-plc/server");
  const store = new PlcStore(join(dataDir, "plc.sqlite"));
  undo.push(() => store.close());
  // `PlcServer.start` would listen on every interface.
  const { app } = PlcServer.create({ db: store, port });
  undo.push(await listenOnLoopback(port, (at, host) => createServer(app).listen(at, host)));
  return store;
}

async function startPds(
  dataDir: string,
  plcUrl: string,
  port: number,
  store: PlcStore,
  undo: Undo,
): Promise<void> {
  const { PDS } = await import("@atproto/pds");
  const secret = (): string => randomBytes(32).toString("hex");
  const secrets = keptStrings(join(dataDir, "pds", "secrets.json"), {
    jwtSecret: secret,
    adminPassword: secret,
    dpopSecret: secret,
    plcRotationKeyK256PrivateKeyHex: secret,
  });
  const pds = await PDS.fromEnv({
    ...secrets,
    devMode: true,
    disableSsrfProtection: true,
    hostname: "localhost",
    port,
    serviceName: "Local PDS",
    dataDirectory: join(dataDir, "pds"),
    // Documents change when the ports move, so none may be remembered across starts.
    didCacheDbLocation: ":memory:",
    blobstoreDiskLocation: join(dataDir, "pds", "blobs"),
    didPlcUrl: plcUrl,
    serviceHandleDomains: [".test"],
    inviteRequired: false,
    rateLimitsEnabled: false,
    crawlers: [],
  });
  undo.push(() => pds.ctx.destroy());
  // `PDS.start` would listen on every interface; its two other steps are here.
  await pds.ctx.sequencer.start();
  undo.push(await listenOnLoopback(port, (at, host) => pds.app.listen(at, host)));

  const pdsUrl = pds.ctx.cfg.service.publicUrl;
  for (const did of store.dids()) {
    const data = await pds.ctx.plcClient.getDocumentData(did);
    if (data.services["atproto_pds"]?.endpoint === pdsUrl) continue;
    await pds.ctx.plcClient.updatePds(did, pds.ctx.plcRotationKey, pdsUrl);
  }
}
