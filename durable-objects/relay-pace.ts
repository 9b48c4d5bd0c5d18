/** How soon what is owed goes to D1: at once for somebody who looks at a list next, and gathered where a host is in a rush. Stores nothing. */

/** Effects of decisions made close together go in one batch. */
const FIRST_MS = 100;

/** After one batch the next one gathers so long: D1 is one for all hosts, and each batch costs it as much as many rows. */
const NEXT_MS = 500;

export class RelayPace {
  /** Epoch ms; unknown when the object has just woken, and then nobody is in a rush. */
  #relayedAt = -Infinity;

  /** A batch was delivered. `now` in epoch ms. */
  relayed(now: number): void {
    this.#relayedAt = now;
  }

  /** When something that is owed since `now` is to be relayed, epoch ms. Never later than half a second, whatever the clock does. */
  dueAt(now: number): number {
    const passed = now - this.#relayedAt;
    const isRush = passed >= 0 && passed < NEXT_MS - FIRST_MS;
    return isRush ? this.#relayedAt + NEXT_MS : now + FIRST_MS;
  }
}
