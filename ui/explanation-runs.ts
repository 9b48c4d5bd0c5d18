/** The explained starts of a date as a reader takes them in: neighbours with the same reasons in one run. Pure; the worker gave the reasons. */

import type { ExplanationJson, ReasonJson } from "../worker/wire.ts";

export interface Run {
  /** RFC 3339, as the API wrote them; the same for a run of one. */
  readonly first: string;
  readonly last: string;
  /** None: offered, but for what holds for the whole date. */
  readonly reasons: readonly ReasonJson[];
}

interface ExplainedRuns {
  /** What stands against every start, besides what holds for the date. */
  readonly shared: readonly ReasonJson[];
  /** In order of time, each with what is left to say. */
  readonly runs: readonly Run[];
}

/** `stepMinutes` is the distance of two starts in one window: a break in the hours ends a run. */
export function runsOf(
  { starts, reasons }: Pick<ExplanationJson, "starts" | "reasons">,
  stepMinutes: number,
): ExplainedRuns {
  const ofDate = new Set(reasons.map(({ code }) => code));
  const runs: Run[] = [];
  for (const start of starts.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start))) {
    const own = start.reasons.filter(({ code }) => !ofDate.has(code));
    const before = runs.at(-1);
    const isNext =
      before !== undefined && Date.parse(start.start) - Date.parse(before.last) <= stepMinutes * 60_000;
    if (isNext && JSON.stringify(before.reasons) === JSON.stringify(own)) {
      runs[runs.length - 1] = { ...before, last: start.start };
    } else runs.push({ first: start.start, last: start.start, reasons: own });
  }
  const shared = sharedReasons(runs);
  return {
    shared,
    runs: runs.map((run) => ({ ...run, reasons: run.reasons.filter((each) => !includes(shared, each)) })),
  };
}

/** Said once, and not in every run; a single run says it itself. */
function sharedReasons([first, ...others]: readonly Run[]): readonly ReasonJson[] {
  if (!first || others.length === 0) return [];
  return first.reasons.filter((each) => others.every((run) => includes(run.reasons, each)));
}

function includes(reasons: readonly ReasonJson[], wanted: ReasonJson): boolean {
  return reasons.some((each) => JSON.stringify(each) === JSON.stringify(wanted));
}
