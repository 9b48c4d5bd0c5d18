/** What a foreign calendar may cost. Counted in steps and not in time, so that the same file always gives the same answer. */

/** About a tenth of a second each on a slow machine. */
export const STEPS_PER_RULE = 400_000;
export const STEPS_PER_FEED = 6_000_000;
export const INSTANCES_PER_RULE = 20_000;
export const INSTANCES_PER_FEED = 300_000;

/** Shared by all of a feed; each rule is also held to its own part. */
export interface Budget {
  steps: number;
  instances: number;
}

/** The whole allowance of one feed. */
export function feedBudget(): Budget {
  return { steps: STEPS_PER_FEED, instances: INSTANCES_PER_FEED };
}

/** Takes one rule's part out of the feed's; what it leaves unused goes back with `giveBack`. */
export function ruleBudget(feed: Budget): Budget & { giveBack(): void } {
  const steps = Math.min(feed.steps, STEPS_PER_RULE);
  const instances = Math.min(feed.instances, INSTANCES_PER_RULE);
  feed.steps -= steps;
  feed.instances -= instances;
  return {
    steps,
    instances,
    giveBack() {
      feed.steps += Math.max(0, this.steps);
      feed.instances += Math.max(0, this.instances);
    },
  };
}
