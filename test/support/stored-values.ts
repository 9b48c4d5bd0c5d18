/** What is on the disk of a broker: its files' bytes, and every value of every row. */

import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A folder as it is while the process that writes it stands still; `remove` takes the copy away. */
export function copyOfStill(
  folder: string,
  writerPid: number,
): { readonly folder: string; readonly remove: () => void } {
  const copy = mkdtempSync(join(tmpdir(), "atproto-cal-still-"));
  process.kill(writerPid, "SIGSTOP");
  try {
    cpSync(folder, copy, { recursive: true });
  } finally {
    process.kill(writerPid, "SIGCONT");
  }
  return { folder: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

/** All files below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** All texts and blobs of all tables of an SQLite file and its WAL, each whole: on pages, long ones are cut in pieces. Writes nothing. */
export function valuesIn(file: string): (string | Uint8Array)[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const values = tables.flatMap(({ name }) => {
    const read = database.prepare(`SELECT * FROM "${String(name)}"`);
    read.setReadBigInts(true);
    return read.all().flatMap((row) => Object.values(row));
  });
  database.close();
  return values.filter((value) => typeof value === "string" || value instanceof Uint8Array);
}
