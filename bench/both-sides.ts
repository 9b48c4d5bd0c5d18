/** The product and, beside it, its floor: each the whole of what answers HTTP, in a workerd of its own, state on disk. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Broker, startBroker } from "../dev/broker.ts";
import { projectRoot } from "../dev/child.ts";
import { freePort } from "../dev/loopback.ts";
import { type Network, startNetwork } from "../dev/network.ts";
import { bundleWorker } from "../dev/worker-bundle.ts";
import { cpuTimeMs } from "./cpu-time.ts";

/** A turn is over when D1 has had nothing new for so long. */
const QUIET_MS = 150;

export class Side {
  readonly name: "product" | "floor";
  readonly dataDir: string;
  readonly #start: () => Promise<Broker>;
  #broker: Broker;

  private constructor(name: Side["name"], dataDir: string, start: () => Promise<Broker>, broker: Broker) {
    this.name = name;
    this.dataDir = dataDir;
    this.#start = start;
    this.#broker = broker;
  }

  /** Builds and starts one. */
  static async start(name: Side["name"], folder: string, network: Network, entry?: string): Promise<Side> {
    const dataDir = join(folder, name);
    const bundleDir = join(folder, `${name}-bundle`);
    const configPath = join(projectRoot, "wrangler.toml");
    await bundleWorker(bundleDir, { configPath, ...(entry !== undefined && { entry }) });
    const { plcUrl, pdsUrl } = network;
    const port = await freePort();
    const start = async (): Promise<Broker> => {
      const broker = await startBroker({ plcUrl, pdsUrl, port, dataDir, bundleDir });
      await broker.answering();
      return broker;
    };
    return new Side(name, dataDir, start, await start());
  }

  get broker(): Broker {
    return this.#broker;
  }

  /** Starts it again at the same address; `meanwhile` finds its files closed. */
  async restart(meanwhile?: (dataDir: string) => void): Promise<void> {
    await this.#broker.stop();
    meanwhile?.(this.dataDir);
    this.#broker = await this.#start();
  }

  /** Of its workerd, D1 included; undefined where the system does not say. */
  cpuMs(): number | undefined {
    return cpuTimeMs(this.#broker.workerdPid());
  }

  /** Waits until all that was decided has reached D1, so that the other side does not run beside what is left of this one's work. */
  async settled(): Promise<void> {
    if (this.name === "floor") return;
    let known = -1;
    for (let rows = await this.#rowsInD1(); rows !== known; rows = await this.#rowsInD1()) {
      known = rows;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  }

  async #rowsInD1(): Promise<number> {
    const [row] = await this.#broker.query(
      "SELECT (SELECT count(*) FROM bookings) + (SELECT count(*) FROM notifications) AS rows",
    );
    return Number(row?.["rows"]);
  }
}

export interface BothSides {
  readonly network: Network;
  readonly product: Side;
  readonly floor: Side;
}

/** Both, for as long as `work` takes. */
export async function withBothSides<Value>(work: (sides: BothSides) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), "atproto-cal-bench-"));
  const network = await startNetwork();
  const sides: Side[] = [];
  try {
    const start = async (name: Side["name"], entry?: string): Promise<Side> => {
      const side = await Side.start(name, folder, network, entry);
      sides.push(side);
      return side;
    };
    const product = await start("product");
    const floor = await start("floor", join(projectRoot, "bench/floor-worker.ts"));
    return await work({ network, product, floor });
  } finally {
    await Promise.all(sides.map(({ broker }) => broker.stop()));
    await network.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
