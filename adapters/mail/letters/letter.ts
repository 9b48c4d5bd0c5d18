/** A letter as plain text and as HTML, made of the same parts: whoever reads only one of them misses nothing. No I/O. */

import { htmlOf } from "./letter-html.ts";
import type { LetterParts } from "./letter-parts.ts";
import { textOf } from "./letter-text.ts";

export interface Letter {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** How the reader reads times. */
export interface Reader {
  /** IANA zone. */
  readonly timeZone: string;
  /** Absent: 24 hours. */
  readonly hourCycle?: "h12" | "h23";
  /** False: it is the host's zone, because theirs is not known. */
  readonly isOwnZone: boolean;
}

export function letterOf(parts: LetterParts): Letter {
  return { subject: parts.subject, text: textOf(parts), html: htmlOf(parts).toString() };
}
