/**
 * Puts tens of thousands of bookings into a host's calendar by writing its Durable Object's SQLite file while the broker is stopped:
 * over HTTP that would take minutes. Every row is a copy of one that the broker wrote itself, and the broker's triggers watch.
 */

import { randomBytes, randomUUID } from "node:crypto";
import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { sha256 } from "../dev/log-chain.ts";

type Row = Record<string, SQLInputValue>;

/** What both sides call the class. */
const FILES = "v3/do/*-HostCalendar/*.sqlite";

/**
 * Adds a booking at each of `starts` (epoch ms) to the product's calendar of `hostDid`, which holds one already: its row, its decision
 * in the log, with the hash after the one before, and the kept answer. Nothing is owed to D1, as if it had been delivered. The daily
 * comparison with D1 would find that it was not; with the first booking it was set to a day from now.
 */
export function preloadProduct(dataDir: string, hostDid: string, starts: readonly number[]): void {
  const file = fileOf(dataDir, (database) => holds(database, "bookings", "booking_json", hostDid));
  using database = new DatabaseSync(file);
  const booking = first(database, "SELECT * FROM bookings LIMIT 1");
  const answer = first(database, "SELECT * FROM answers LIMIT 1");
  const last = first(database, "SELECT * FROM log ORDER BY seq DESC LIMIT 1");
  const [insertBooking, insertAnswer, insertDecision] = [
    inserter(database, "bookings"),
    inserter(database, "answers"),
    inserter(database, "log"),
  ];
  const template = parsed(booking, "booking_json");
  const decision = parsed(last, "entry_json");
  const length = Number(booking["end_at"]) - Number(booking["start_at"]);
  let seq = Number(last["seq"]);
  let hash = text(last, "hash");
  database.exec("BEGIN");
  for (const start of starts) {
    const end = start + length;
    const uid = text(booking, "uid").replace(/^[0-9a-f]+/, randomBytes(12).toString("hex"));
    const copy = { ...template, uid, start, end };
    const json = JSON.stringify(copy);
    insertBooking({ ...booking, uid, start_at: start, end_at: end, booking_json: json });
    insertAnswer({
      ...answer,
      request_id: randomUUID(),
      fingerprint: text(answer, "fingerprint").replace(String(template["start"]), String(start)),
      answer_json: JSON.stringify({ booking: copy }),
    });
    seq += 1;
    const entry = JSON.stringify({ ...decision, seq, uid, start, end, content: sha256(json) });
    hash = sha256(`${hash}\n${entry}`);
    insertDecision({ seq, entry_json: entry, hash });
  }
  database.exec("COMMIT");
}

/** Adds as many rows to the floor's object, which holds one already. */
export function preloadFloor(dataDir: string, hostDid: string, starts: readonly number[]): void {
  const file = fileOf(dataDir, (database) => holds(database, "rows", "body", hostDid));
  using database = new DatabaseSync(file);
  const row = first(database, "SELECT * FROM rows LIMIT 1");
  const insert = inserter(database, "rows");
  database.exec("BEGIN");
  for (const start of starts) insert({ ...row, id: randomUUID(), start_at: start });
  database.exec("COMMIT");
}

/** Files are named by a hash; what is in them says whose they are. */
function fileOf(dataDir: string, isIt: (database: DatabaseSync) => boolean): string {
  const file = globSync(join(dataDir, FILES)).find((path) => {
    using database = new DatabaseSync(path);
    return isIt(database);
  });
  if (file === undefined) throw new Error("The host to be preloaded has no booking yet.");
  return file;
}

function holds(database: DatabaseSync, table: string, column: string, hostDid: string): boolean {
  const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(table) !== undefined;
  return (
    isThere &&
    database.prepare(`SELECT 1 FROM ${table} WHERE instr(${column}, ?)`).get(`"${hostDid}"`) !== undefined
  );
}

function first(database: DatabaseSync, query: string): Row {
  const row = database.prepare(query).get();
  if (!row) throw new Error(`There is nothing to copy: ${query}`);
  return row;
}

function inserter(database: DatabaseSync, table: string): (row: Row) => void {
  // Without those that the database generates.
  const columns = database
    .prepare("SELECT name FROM pragma_table_info(?)")
    .all(table)
    .map(({ name }) => String(name));
  const statement = database.prepare(
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
  );
  return (row) => {
    statement.run(...columns.map((column) => row[column] ?? null));
  };
}

function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new Error(`${column} is no text`);
  return value;
}

function parsed(row: Row, column: string): Record<string, unknown> {
  const value: Record<string, unknown> = JSON.parse(text(row, column));
  return value;
}
