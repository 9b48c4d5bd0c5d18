/** Writing many rows with one statement and one bound value: D1 binds at most a hundred, and every statement costs. */

import { getTableColumns, getTableName } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

/**
 * An INSERT whose one parameter is a JSON array of rows, keyed as the schema names its fields. Names come from
 * `migrations/schema.ts` only, so nothing of anybody's is ever part of the SQL.
 * @param options.onConflict what to do with a row whose `id` is there, given the columns other than `id`
 * @param options.where which of the rows (`value`) are written at all; all where it is left out
 */
export function upsertFromJson(
  table: SQLiteTable,
  options: { readonly onConflict: (otherColumns: readonly string[]) => string; readonly where?: string },
): string {
  const fields = Object.entries(getTableColumns(table)).map(([field, column]) => ({
    field,
    name: column.name,
  }));
  const others = fields.map(({ name }) => name).filter((name) => name !== "id");
  return `INSERT INTO ${getTableName(table)} (${fields.map(({ name }) => name).join(", ")})
    SELECT ${fields.map(({ field }) => `value ->> '$.${field}'`).join(", ")} FROM json_each(?) WHERE ${options.where ?? "true"}
    ON CONFLICT (id) ${options.onConflict(others)}`;
}
