/** The booking figures as tables, with the targets beside them. Measures nothing. */

import type { LoadFigures } from "./booking-load.ts";
import { type ContendedFigures, CROWD } from "./contended-slots.ts";
import type { FullCalendarFigures } from "./full-calendar.ts";
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

/** The same for calendars of several sizes, and how the fullest differs from the emptiest. */
export function fullCalendarTable(figures: readonly FullCalendarFigures[]): string {
  const rows = figures.map((each) => [each.size.toLocaleString("en"), ...comparedCells(each)]);
  const coldRows = figures.map(({ size, coldMs }) => [
    size.toLocaleString("en"),
    coldMs.product.toFixed(1),
    coldMs.floor.toFixed(1),
  ]);
  return [
    table(["bookings before", ...COMPARED_TITLES], rows),
    `${TARGETS}, no slope)`,
    ...slopeLines(figures),
    "",
    "First booking after a cold start, its code warm (the product reads the host's records from their PDS first)",
    table(["bookings before", "product ms", "floor ms"], coldRows),
    "  (target: no slope)",
  ].join("\n");
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

function slopeLines(figures: readonly FullCalendarFigures[]): string[] {
  const [emptiest, fullest] = [figures[0], figures.at(-1)];
  if (!emptiest || !fullest) return [];
  const change = (from = 0, to = 0): string => {
    const percent = Math.round(100 * (to / from - 1));
    return Number.isFinite(percent) ? `${percent > 0 ? "+" : ""}${percent} %` : "-";
  };
  return (["product", "floor"] as const).map((side) => {
    const [from, to] = [emptiest[side], fullest[side]];
    const perSecond = change(from.perSecond, to.perSecond);
    const cpu = change(from.cpuMsPerBooking, to.cpuMsPerBooking);
    return `  ${side}, ${fullest.size.toLocaleString("en")} against ${emptiest.size}: ${perSecond} bookings per second, ${cpu} CPU each`;
  });
}
