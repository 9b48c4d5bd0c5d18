/** What keeping a host's calendars current costs in an hour: asked of others, and of the authority's own SQLite. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBroker } from "../dev/broker.ts";
import { projectRoot } from "../dev/child.ts";
import { freePort } from "../dev/loopback.ts";
import type { Network } from "../dev/network.ts";
import { bundleWorker } from "../dev/worker-bundle.ts";
import type { ConnectCalendars } from "../durable-objects/calendars/connecting-calendars.ts";
import { isInstalled } from "../test/support/caldav-server.ts";
import { publishBenchHost } from "./bench-host.ts";
import { caldavSource, feedSource, googleSource, googleVars, type StartSource } from "./refresh-sources.ts";

const QUARTER_MS = 15 * 60_000;
const HOURS = 24;
/** As a new meeting type has it. */
const HORIZON_DAYS = 60;
export const CALENDARS = 3;

export interface Cost {
  /** To calendars. */
  readonly requests: number;
  /** From Google. */
  readonly notifications: number;
  readonly rings: number;
  readonly alarmsSet: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

/** An hour of one host, on average over a day. */
export interface RefreshFigures {
  readonly source: string;
  readonly perHour: Cost;
}

/** What the bench's own worker is told. Instants are epoch ms. */
export type RefreshCommand = { readonly hostDid: string } & (
  | { readonly what: "connect"; readonly now: number; readonly connect: ConnectCalendars }
  /** Answers what was spent since the last such command. */
  | { readonly what: "live"; readonly until: number }
);

/** A day for each kind of source, once while nothing in it changes and once while a meeting moves every quarter of an hour. */
export async function measureRefreshing(network: Network): Promise<RefreshFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), "atproto-cal-refreshing-"));
  const bundleDir = join(folder, "bundle");
  await bundleWorker(bundleDir, {
    configPath: join(projectRoot, "wrangler.toml"),
    entry: join(projectRoot, "bench/refresh-worker.ts"),
  });
  const googlePort = await freePort();
  const broker = await startBroker({
    plcUrl: network.plcUrl,
    pdsUrl: network.pdsUrl,
    bundleDir,
    dataDir: join(folder, "data"),
    vars: googleVars(`http://127.0.0.1:${googlePort}`),
  });
  try {
    await broker.answering();
    const figures: RefreshFigures[] = [];
    for (const [source, start] of sources(googlePort)) {
      for (const changes of [false, true]) {
        const name = `refreshed-${figures.length}`;
        const { did } = await publishBenchHost(network, broker.brokerDid, name, HORIZON_DAYS);
        figures.push({
          source: `${source}, ${changes ? "changing" : "unchanged"}`,
          perHour: await dayOf(`${broker.url}/bench`, did, start, changes),
        });
      }
    }
    return figures;
  } finally {
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function sources(googlePort: number): [string, StartSource][] {
  const caldav: [string, StartSource] = [`CalDAV, ${CALENDARS} calendars`, caldavSource(CALENDARS)];
  return [
    ["a feed", feedSource(true)],
    ["a feed that names no version", feedSource(false)],
    ...(isInstalled("radicale") ? [caldav] : []),
    [`Google, ${CALENDARS} calendars, no push`, googleSource(CALENDARS, googlePort, false)],
    [`Google, ${CALENDARS} calendars, push`, googleSource(CALENDARS, googlePort, true)],
  ];
}

async function dayOf(url: string, hostDid: string, start: StartSource, changes: boolean): Promise<Cost> {
  let now = Date.now();
  const source = await start(() => now);
  try {
    const { kind, access } = source;
    const connect = { kind, label: "Bench", access };
    await ask(url, { hostDid, what: "connect", now, connect });
    // What connecting itself brings about, such as channels, is no part of the day.
    now += 1_000;
    await ask(url, { hostDid, what: "live", until: now });
    const costs: Cost[] = [];
    for (const end = now + HOURS * 4 * QUARTER_MS; now < end;) {
      if (changes) await source.change();
      now += QUARTER_MS;
      costs.push((await ask(url, { hostDid, what: "live", until: now })) as Cost);
    }
    const perHour = (of: keyof Cost) => costs.reduce((sum, cost) => sum + cost[of], 0) / HOURS;
    return {
      requests: perHour("requests"),
      notifications: perHour("notifications"),
      rings: perHour("rings"),
      alarmsSet: perHour("alarmsSet"),
      rowsRead: perHour("rowsRead"),
      rowsWritten: perHour("rowsWritten"),
    };
  } finally {
    await source.stop();
  }
}

async function ask(url: string, command: RefreshCommand): Promise<unknown> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(command) });
  const answer: unknown = await response.json();
  const isRefused = typeof answer === "object" && answer !== null && "ok" in answer && answer.ok === false;
  if (!response.ok || isRefused) throw new Error(`the authority does not do it: ${JSON.stringify(answer)}`);
  return answer;
}
