/** Something that an authority must not do, and the least that shows that it did. */

import type { Operation } from "./history.ts";
import { toldOperation } from "./words.ts";

export const FINDINGS = {
  overlap: "overlaps",
  limit: "limit overruns",
  lost: "lost decisions",
  contradiction: "contradictions",
  order: "histories without a serial order",
} as const;

export interface Finding {
  readonly kind: keyof typeof FINDINGS;
  /** A sentence. */
  readonly says: string;
  /** Lines that prove it. */
  readonly evidence: readonly string[];
}

/** A finding with the operations that show it. */
export function finding(
  kind: Finding["kind"],
  says: string,
  shownBy: readonly (Operation | undefined)[] = [],
): Finding {
  return { kind, says, evidence: shownBy.flatMap((one) => (one === undefined ? [] : [toldOperation(one)])) };
}
