/** The figures of connected calendars as tables, with the targets beside them. Measures nothing. */

import type { FeedReadings, FeedWork } from "./feed-readings.ts";
import { MEETINGS } from "./refresh-sources.ts";
import type { RefreshFigures } from "./refreshing.ts";
import { table } from "./table.ts";

const NAMES: Readonly<Record<Exclude<FeedWork, "nothing">, string>> = {
  product: "busy time (product)",
  lines: "only decoded and split into lines",
  "ical.js": "only parsed, by ical.js",
};

/** What a large feed takes. */
export function feedTable({ megabytes, events, busyPeriods, figures }: FeedReadings): string {
  const rows = figures.map(({ work, first, again }) => [
    NAMES[work],
    ...[first.wallMs, first.cpuMs, again.wallMs, again.cpuMs].map((ms) => ms?.toFixed(0) ?? "-"),
  ]);
  return [
    `A feed of ${megabytes.toFixed(1)} MB and ${events.toLocaleString("en")} events, 60 days of it (${busyPeriods} busy periods), inside workerd`,
    table(["", "first in an isolate ms", "its CPU ms", "again ms", "its CPU ms"], rows),
    "  (target: under 300 ms)",
  ].join("\n");
}

/** What keeping calendars current costs. */
export function refreshTable(figures: readonly RefreshFigures[]): string {
  const rows = figures.map(({ source, perHour }) => {
    const { requests, notifications, rings, alarmsSet, rowsRead, rowsWritten } = perHour;
    return [
      source,
      ...[requests, notifications, rings, rowsRead, rowsWritten, alarmsSet].map((each) => each.toFixed(1)),
    ];
  });
  return [
    `Keeping one host's calendars current, for each hour of a day (${MEETINGS} meetings in each; one moves every quarter of an hour where they change)`,
    table(["", "requests", "notifications", "alarms", "rows read", "rows written", "alarms set"], rows),
    "  (setting an alarm is billed as one more row written)",
    ...(figures.some(({ source }) => source.startsWith("CalDAV"))
      ? []
      : ["  (CalDAV is left out: it needs Radicale, apt-get install radicale)"]),
  ].join("\n");
}
