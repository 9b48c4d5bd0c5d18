/** What was sealed under earlier keys is sealed under the active one, and counted, so that an operator can take those keys away. */

import { type CalendarWork, openedSecretOf } from "./calendar-work.ts";

/** How many secrets there are. Which they are, or what is in them, is nowhere in it. */
export interface Resealing {
  /** Were under an earlier key, and are under the active one now. */
  readonly resealed: number;
  /** Are under the active one already. */
  readonly current: number;
  /** Do not open: their key is configured no more. They stay, for it may come back. */
  readonly lost: number;
}

export const NOTHING_SEALED: Resealing = { resealed: 0, current: 0, lost: 0 };

/** Of two places that keep secrets of the same person. */
export function sumOf(one: Resealing, other: Resealing): Resealing {
  return {
    resealed: one.resealed + other.resealed,
    current: one.current + other.current,
    lost: one.lost + other.lost,
  };
}

/** Of a host's connections. Opening one is what seals it anew; one that goes meanwhile is not counted. */
export async function resealConnections(work: CalendarWork): Promise<Resealing> {
  const { connections } = work.desk;
  const counts = { ...NOTHING_SEALED };
  for (const { id } of connections.all()) {
    const before = connections.secretOf(id)?.keyId;
    const opened = await openedSecretOf(work, id);
    if (opened) {
      counts[before === work.sealer.activeKeyId ? "current" : "resealed"] += 1;
    } else if (connections.find(id)) {
      counts.lost += 1;
    }
  }
  return counts;
}
