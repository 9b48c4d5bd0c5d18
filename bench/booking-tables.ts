/** The booking figures as tables, with the targets beside them. Measures nothing. */

import type { LoadFigures } from "./booking-load.ts";
import { type ContendedFigures, CROWD } from "./contended-slots.ts";
import type { Percentiles } from "./percentiles.ts";
import type { Compared } from "./rounds.ts";
import { table } from "./table.ts";

const COMPARED_TITLES = [
  "product/s",
  "floor/s",
  "ratio",
  "product p50/95/99 ms",
  "floor p50/95/99 ms",
  "p99 ratio",
  "product, floor CPU ms",
];

const TARGETS = "  (targets: at least 70 % of the floor's throughput, p99 at most 2 times the floor's";

/** Bookings per second at each concurrency. */
export function loadTable(figures: readonly LoadFigures[]): string {
  const rows = figures.map((each) => [String(each.concurrency), ...comparedCells(each)]);
  return `${table(["sockets", ...COMPARED_TITLES], rows)}\n${TARGETS})`;
}

/** Winners and losers apart. */
export function contendedTable({ slots, winners, losers, unopposed, floor }: ContendedFigures): string {
  const rows: [string, Percentiles][] = [
    ["one slot for all: the winner's 201", winners],
    ["one slot for all: the losers' 409", losers],
    ["a slot for each: 201", unopposed],
    ["floor, a row for each: 201", floor],
  ];
  return [
    `${CROWD} sockets ask at the same time, ${slots} times (the winner is among the first in the queue; losers wait in it)`,
    table(
      ["", "p50 ms", "p95 ms", "p99 ms"],
      rows.map(([name, { p50, p95, p99 }]) => [name, ...[p50, p95, p99].map((ms) => ms.toFixed(1))]),
    ),
    "  (target: losers as fast as winners, that is as those who ask for a slot each)",
  ].join("\n");
}

function comparedCells({ product, floor }: Compared): string[] {
  return [
    product.perSecond.toFixed(0),
    floor.perSecond.toFixed(0),
    `${((100 * product.perSecond) / floor.perSecond).toFixed(0)} %`,
    latencyCell(product),
    latencyCell(floor),
    (product.p99 / floor.p99).toFixed(1),
    [product, floor].map(({ cpuMsPerBooking }) => cpuMsPerBooking?.toFixed(2) ?? "-").join(", "),
  ];
}

function latencyCell({ p50, p95, p99 }: Percentiles): string {
  return [p50, p95, p99].map((ms) => ms.toFixed(1)).join(" / ");
}
