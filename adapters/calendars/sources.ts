/** The kinds of calendar sources, one file each. */

import { readFeedSource } from "./feed-source.ts";
import type { SourceQuestion, SourceReading, SourceSettings } from "./source.ts";

/** Asks a source of this kind. Never throws, never logs: what is asked with is a secret. `now` in epoch ms. */
export function readSource(
  kind: "feed",
  question: SourceQuestion,
  settings: SourceSettings,
  now: number,
): Promise<SourceReading> {
  switch (kind) {
    case "feed":
      return readFeedSource(question, settings, now);
  }
}
