/** A history and its judgement in words. */

import type { Judgement } from "./check.ts";
import { FINDINGS } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { History } from "./history.ts";

/** Findings of one kind that are shown in full. */
const SHOWN = 2;

/** How often each operation had each outcome, one line for each kind of operation. */
export function outcomesOf({ operations }: History): string[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { ask, answer } of operations) {
    const outcome =
      answer.kind === "refused"
        ? `${answer.status} ${answer.error}`
        : answer.kind === "booking"
          ? `${answer.status} ${answer.booking.status}`
          : answer.kind === "unknown"
            ? "lost"
            : { hold: "201", slots: "200", released: "204" }[answer.kind];
    const ofKind = counts.get(ask.kind) ?? new Map<string, number>();
    counts.set(ask.kind, ofKind.set(outcome, (ofKind.get(outcome) ?? 0) + 1));
  }
  return [...counts]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([kind, ofKind]) => {
      const outcomes = [...ofKind].toSorted(([, one], [, other]) => other - one);
      return `  ${kind.padEnd(11)}${outcomes.map(([outcome, count]) => `${count} ${outcome}`).join(", ")}`;
    });
}

export function summaryOf({ kills, lostAnswers, closing, operations, rows }: History): string[] {
  const bookings = closing.filter(({ ask }) => ask.kind === "read").length;
  return [
    `${operations.length} operations, workerd killed ${kills} times, ${lostAnswers} answers lost`,
    `${bookings} bookings in the end; D1: ${rows.bookings.length} rows, ${rows.notifications.length} notifications`,
  ];
}

/** How many findings there are of each kind, and the first `shownOfEach` of them with their evidence. */
export function findingsOf({ findings }: Judgement, shownOfEach = SHOWN): string[] {
  const kinds = Object.entries(FINDINGS).map(([kind, name]) => {
    const found = findings.filter((finding) => finding.kind === kind);
    return { name, found };
  });
  return [
    kinds.map(({ name, found }) => `${found.length} ${name}`).join(", "),
    ...kinds.flatMap(({ found }) => found.slice(0, shownOfEach).flatMap(shown)),
  ];
}

function shown({ kind, says, evidence }: Finding): string[] {
  return ["", `${FINDINGS[kind]}: ${says}`, ...evidence.map((line) => `  ${line}`)];
}
