/** The frame of `npm start` and `npm run dev`: ports, one data folder, signals, and an end that leaves nothing running. Starts no server itself. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { projectRoot } from "./child.ts";
import { isPortFree, PortInUse } from "./loopback.ts";

const DEFAULT_PORTS = {
  PORT: 8787,
  PDS_PORT: 2583,
  PLC_PORT: 2582,
  /** Of the mail sink: where the broker sends, and where a person reads it. */
  SMTP_PORT: 2525,
  MAIL_PORT: 8025,
} as const;

const PORT_NAMES = new Intl.ListFormat("en-GB").format(Object.keys(DEFAULT_PORTS));

export interface LocalRun {
  readonly ports: Record<keyof typeof DEFAULT_PORTS, number>;
  /** Where everything is kept: `.local`, or what DATA_DIR says. */
  readonly dataDir: string;
  /** Aborted when the run is told to stop. */
  readonly signal: AbortSignal;
  /** Remembers what to stop; the last started is stopped first. */
  readonly onStop: (step: () => Promise<void> | void) => void;
  /** Ends the run because a part of it ended by itself. */
  readonly fail: (reason: Error) => void;
}

/** Something the person at the terminal can put right; said without a stack. */
class CannotStart extends Error {}

/** Brings everything up with `up`, waits for a signal, stops everything and exits: 0 when told to stop, 1 when something failed. */
export async function runLocally(up: (run: LocalRun) => Promise<void>): Promise<never> {
  const stopping = new AbortController();
  const told = new Promise<void>((resolve) => stopping.signal.addEventListener("abort", () => resolve()));
  const steps: (() => Promise<void> | void)[] = [];
  let failure: unknown;
  const fail = (reason: unknown): void => {
    if (!stopping.signal.aborted) failure = reason;
    stopping.abort();
  };
  const stop = (): void => stopping.abort();
  const listen = (): void => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      if (!process.listeners(signal).includes(stop)) process.on(signal, stop);
      // Miniflare's own handlers exit at once, before the PDS has closed its databases. Ours stays throughout: taken away
      // and put back, it would lose a signal that arrives in between.
      for (const other of process.listeners(signal)) if (other !== stop) process.off(signal, other);
    }
  };
  process.stdout.on("error", () => undefined); // A closed terminal is no reason to fail.
  listen();
  stopWithNpm(stop);

  try {
    const ports = await freePorts();
    const dataDir = process.env["DATA_DIR"] ?? join(projectRoot, ".local");
    lock(dataDir);
    await up({ ports, dataDir, signal: stopping.signal, onStop: (step) => void steps.push(step), fail });
    listen();
  } catch (error) {
    fail(error);
  }
  await told;
  for (const step of steps.toReversed()) await Promise.resolve(step()).catch((error: unknown) => fail(error));
  if (failure !== undefined) console.error(sentenceFor(failure));
  process.exit(failure === undefined ? 0 : 1);
}

/** npm passes signals on, but cannot when it is killed outright; then this process gets another parent. */
function stopWithNpm(stop: () => void): void {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm) stop();
  }, 500).unref();
}

async function freePorts(): Promise<LocalRun["ports"]> {
  const ports = { ...DEFAULT_PORTS } as Record<keyof typeof DEFAULT_PORTS, number>;
  for (const name of Object.keys(DEFAULT_PORTS) as (keyof typeof DEFAULT_PORTS)[]) {
    const text = process.env[name];
    const port = text === undefined || text === "" ? DEFAULT_PORTS[name] : Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new CannotStart(`${name}=${text} is not a port; set ${name} to a number from 1 to 65535.`);
    }
    ports[name] = port;
  }
  if (new Set(Object.values(ports)).size < Object.keys(ports).length) {
    throw new CannotStart(`${PORT_NAMES} must be different ports.`);
  }
  for (const port of Object.values(ports)) if (!(await isPortFree(port))) throw portTaken(ports, port);
  return ports;
}

function portTaken(ports: Record<string, number>, port: number): CannotStart {
  const name = Object.keys(ports).find((each) => ports[each] === port) ?? "PORT";
  return new CannotStart(
    `Port ${port} is already in use; set ${name} to a free one, for example ${name}=${port + 1} npm start.`,
  );
}

/** Two runs on one folder would spoil each other's databases. The operating system drops this lock with the process. */
function lock(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true });
  const holder = new DatabaseSync(join(dataDir, "run.lock"));
  try {
    holder.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT");
  } catch {
    throw new CannotStart(`Another run already uses ${dataDir}; stop it, or set DATA_DIR to another folder.`);
  }
  held.push(holder);
}

/** Kept reachable, since a collected database would give up its lock. */
const held: DatabaseSync[] = [];

function sentenceFor(failure: unknown): string {
  if (failure instanceof PortInUse) {
    return `Port ${failure.port} was taken while starting; move it with one of ${PORT_NAMES}.`;
  }
  if (failure instanceof CannotStart) return failure.message;
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}
