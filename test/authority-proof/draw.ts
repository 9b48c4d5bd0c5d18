/** Choices that look random, and are the same again for the same seed and purpose. */

export class Draw {
  #state: number;

  /** @param purpose a whole number: each has choices of its own */
  constructor(seed: number, purpose: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(purpose + 1, 0x85ebca6b)) >>> 0;
    // The first numbers of neighbouring states are alike.
    for (let warm = 0; warm < 3; warm += 1) this.fraction();
  }

  /** From 0 to 1, 1 excluded (mulberry32). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  happens(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of the latest `reach` items; undefined where there is none. */
  oneOfLatest<Item>(items: readonly Item[], reach = items.length): Item | undefined {
    const first = Math.max(0, items.length - reach);
    return items[first + Math.floor(this.fraction() * (items.length - first))];
  }

  /** One of the names, as often as its weight is part of all of them. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries = Object.entries<number>(weights);
    let left = this.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    const found = entries.find(([, weight]) => (left -= weight) < 0) ?? entries[0];
    if (found === undefined) throw new Error("Nothing to choose from.");
    // Its keys are those of `weights`.
    return found[0] as Name;
  }
}
