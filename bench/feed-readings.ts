/** How long workerd takes to make busy time of a large feed, beside what any reading of it takes at least. */

import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { freePort } from "../dev/loopback.ts";
import { projectRoot } from "../dev/child.ts";
import { findWorkerd } from "../dev/workerd-process.ts";
import { cpuTimeMs } from "./cpu-time.ts";
import { largeFeed } from "./large-feed.ts";
import { medianOf } from "./percentiles.ts";

/** `nothing`: a request alone. `lines`: decoded and split. `ical.js`: its parser, without any recurrence. */
export type FeedWork = "nothing" | "lines" | "ical.js" | "product";

const EVENTS = 5_000;
const COLD_STARTS = 5;
const WARM_UP = 5;
const ROUNDS = 30;
const COMPARED = ["product", "lines", "ical.js"] as const;

/** Milliseconds. */
interface Took {
  readonly wallMs: number;
  /** Of all threads, garbage collection and compiling included; undefined where the system does not say. */
  readonly cpuMs: number | undefined;
}

/** Medians. */
export interface FeedFigures {
  readonly work: (typeof COMPARED)[number];
  /** The first time in a new isolate. */
  readonly first: Took;
  readonly again: Took;
}

export interface FeedReadings {
  readonly megabytes: number;
  readonly events: number;
  readonly busyPeriods: number;
  readonly figures: readonly FeedFigures[];
}

/** Reads it in several isolates once, and in one more again and again. */
export async function measureFeedReadings(): Promise<FeedReadings> {
  const feed = largeFeed(EVENTS);
  const bundle = await bundled();
  const figures: FeedFigures[] = [];
  let busyPeriods = 0;
  for (const work of COMPARED) {
    const firsts: Took[] = [];
    for (let start = 0; start < COLD_STARTS; start += 1) {
      await inIsolate(bundle, feed, async (run) => {
        await run("nothing");
        firsts.push(await run(work));
      });
    }
    await inIsolate(bundle, feed, async (run) => {
      await run(work, WARM_UP);
      const again = await run(work, ROUNDS);
      figures.push({ work, first: medianTook(firsts), again });
      if (work === "product") busyPeriods = again.answer;
    });
  }
  return { megabytes: feed.length / 1e6, events: EVENTS, busyPeriods, figures };
}

function medianTook(several: readonly Took[]): Took {
  const cpu = several.flatMap(({ cpuMs }) => cpuMs ?? []);
  return {
    wallMs: medianOf(several.map(({ wallMs }) => wallMs)),
    cpuMs: cpu.length === several.length ? medianOf(cpu) : undefined,
  };
}

/** Does it so many times; each took so long, the request with it. */
type Run = (work: FeedWork, times?: number) => Promise<Took & { readonly answer: number }>;

async function inIsolate<Value>(
  script: string,
  feed: Uint8Array,
  measure: (run: Run) => Promise<Value>,
): Promise<Value> {
  const port = await freePort();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: "worker.js", contents: script }],
      compatibilityDate: "2026-11-01",
      host: "127.0.0.1",
      port,
      cf: false,
      telemetry: { enabled: false },
    }),
  );
  try {
    const url = await miniflare.ready;
    await fetch(url, { method: "PUT", body: feed });
    const pid = findWorkerd(port);
    const cpu = () => (pid === undefined ? undefined : cpuTimeMs(pid));
    return await measure(async (work, times = 1) => {
      const walls: number[] = [];
      const before = cpu();
      let answer = 0;
      for (let time = 0; time < times; time += 1) {
        const began = performance.now();
        answer = Number(await (await fetch(new URL(work, url))).text());
        walls.push(performance.now() - began);
      }
      const after = cpu();
      const cpuMs = before === undefined || after === undefined ? undefined : (after - before) / times;
      return { wallMs: medianOf(walls), cpuMs, answer };
    });
  } finally {
    await miniflare.dispose();
  }
}

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(projectRoot, "bench/feed-worker.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error("esbuild made nothing");
  return bundle.text;
}
