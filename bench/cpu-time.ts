/** How long a process has kept processors busy: on a machine that others use too, a steadier figure than throughput. */

import { existsSync, readFileSync } from "node:fs";

/** Linux counts it in hundredths of a second. */
const TICK_MS = 10;

/** Milliseconds of all its threads, in user and system mode; undefined where there is no /proc. */
export function cpuTimeMs(pid: number): number | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  const stat = readFileSync(path, "utf8");
  // The second field, the command's name in parentheses, may hold spaces itself; utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
