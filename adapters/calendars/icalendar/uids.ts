/** Which events a foreign iCalendar text holds, by their UIDs (RFC 5545 3.8.4.7). Pure, and throws on no input. */

import { lineOf, readComponents } from "./components.ts";
import { unfoldedLines } from "./content-lines.ts";

/** The UIDs of all components that have their own times or tasks, each once; `""` for one without. Empty for what is no calendar. */
export function uidsIn(text: string): readonly string[] {
  const { calendars } = readComponents(unfoldedLines(text));
  const uids = calendars
    .flatMap(({ children }) => children)
    .filter(({ name }) => name !== "VTIMEZONE")
    .map((component) => lineOf(component, "UID")?.value ?? "");
  return [...new Set(uids)];
}
