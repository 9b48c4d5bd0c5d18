/** Times as Google writes them. */

import { parseLocalDate } from "../../../scheduling/time-zone.ts";

/** RFC 3339 with any offset; fractions of a second do not matter to anybody's day. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;

/** Epoch ms; NaN for what is no instant. */
export function parseInstant(text: string): number {
  const date = INSTANT.exec(text)?.[1];
  return date === undefined || parseDate(date) === undefined ? NaN : Date.parse(text.toUpperCase());
}

/** The date again, if it is one. */
export function parseDate(text: string): string | undefined {
  return parseLocalDate(text) === undefined ? undefined : text;
}
