import { expect, it } from "vitest";
import { sharedBundle } from "../journeys/support/bundle-once.ts";
import { brokenBundle, DEFECTS } from "./broken.ts";
import { check } from "./check.ts";
import { historyOf } from "./proof.ts";
import { findingsOf } from "./report.ts";

const OPERATIONS = 600;
const KILLS = 2;
const SEED = 20_261_126;

it("answers hundreds of concurrent operations, killed twice, as one calendar would that does one after another", async () => {
  const bundleDir = sharedBundle();
  const history = await historyOf({
    operations: OPERATIONS,
    seed: SEED,
    kills: KILLS,
    ...(bundleDir !== undefined && { bundleDir }),
  });
  const judgement = check(history);
  expect(judgement.findings, findingsOf(judgement).join("\n")).toEqual([]);
  expect(history.operations).toHaveLength(OPERATIONS);
  expect(history.kills).toBe(KILLS);
  expect(history.lostAnswers).toBeGreaterThan(0);
});

it.each(DEFECTS)("a broken authority is found out: $says", async (defect) => {
  const whole = sharedBundle();
  if (whole === undefined) throw new Error("The bundle is built before all tests.");
  const broken = brokenBundle(whole, defect);
  const found = new Set<string>();
  try {
    // Whether a defect comes to light is up to the interleaving as well: a busy machine may need another draw.
    for (let seed = SEED; seed < SEED + 5 && !found.has(defect.shows); seed += 1) {
      const { bundleDir } = broken;
      const history = await historyOf({
        operations: 2 * OPERATIONS,
        seed,
        kills: 0,
        patience: 10_000,
        bundleDir,
      });
      for (const { kind } of check(history).findings) found.add(kind);
    }
  } finally {
    broken.remove();
  }
  expect([...found]).toContain(defect.shows);
});
