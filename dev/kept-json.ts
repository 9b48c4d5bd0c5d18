/** Values made once and kept in a file only this user can read: the local run's keys. Never overwrites what is there. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The strings kept in `path`; those missing are made now and kept for the next start. */
export function keptStrings<Name extends string>(
  path: string,
  make: Record<Name, () => string>,
): Record<Name, string> {
  const kept: Partial<Record<string, unknown>> = existsSync(path)
    ? JSON.parse(readFileSync(path, "utf8"))
    : {};
  const values = Object.fromEntries(
    Object.entries<() => string>(make).map(([name, fresh]) => {
      const value = kept[name];
      return [name, typeof value === "string" ? value : fresh()];
    }),
  ) as Record<Name, string>;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ ...kept, ...values }, undefined, 2)}\n`, { mode: 0o600 });
  return values;
}
