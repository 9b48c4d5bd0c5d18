/** The PLC directory's operations in an SQLite file, so that DIDs outlive a restart. Validates every operation; never forks a history. */

import { DatabaseSync } from "node:sqlite";
import { assureValidNextOp, getLastOpWithCid, normalizeOp } from "@did-plc/lib";
import type { CompatibleOpOrTombstone, ExportedOp, IndexedOperation, OpOrTombstone } from "@did-plc/lib";
import type { PlcDatabase } from "@did-plc/server";

interface OperationRow {
  readonly did: string;
  readonly operation: string;
  readonly cid: string;
  readonly nullified: number;
  readonly createdAt: number;
}

/** What the directory's error handler turns into this HTTP status. */
class ConflictingOperation extends Error {
  readonly status = 409;
}

/** The directory's storage interface on one SQLite file; `:memory:` is accepted. */
export class PlcStore implements PlcDatabase {
  readonly #db: DatabaseSync;

  constructor(path: string) {
    this.#db = new DatabaseSync(path);
    this.#db.exec(`
      PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS operations (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        did TEXT NOT NULL,
        operation TEXT NOT NULL,
        cid TEXT NOT NULL,
        nullified INTEGER NOT NULL DEFAULT 0,
        createdAt INTEGER NOT NULL,
        UNIQUE (did, cid)
      ) STRICT;
    `);
  }

  /** Every DID ever registered here, oldest first. */
  dids(): string[] {
    const rows = this.#rows("SELECT * FROM operations GROUP BY did ORDER BY MIN(seq)");
    return rows.map((row) => row.did);
  }

  async validateAndAddOp(did: string, proposed: OpOrTombstone): Promise<void> {
    const before = await this.indexedOpsForDid(did);
    const { nullified } = await assureValidNextOp(did, before, proposed);
    const { cid } = await getLastOpWithCid([proposed]);

    // The checks above awaited, so another operation may have landed meanwhile: look again and write in one go.
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      if (this.#lastCid(did) !== before.at(-1)?.cid.toString()) {
        throw new ConflictingOperation("Proposed prev does not match the most recent operation");
      }
      this.#db
        .prepare("INSERT INTO operations (did, operation, cid, createdAt) VALUES (?, ?, ?, ?)")
        .run(did, JSON.stringify(proposed), cid.toString(), Date.now());
      const nullify = this.#db.prepare("UPDATE operations SET nullified = 1 WHERE did = ? AND cid = ?");
      for (const old of nullified) nullify.run(did, old.toString());
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  async opsForDid(did: string): Promise<CompatibleOpOrTombstone[]> {
    const ops = await this.indexedOpsForDid(did);
    return ops.map(({ operation }) => (operation.type === "create" ? normalizeOp(operation) : operation));
  }

  async indexedOpsForDid(did: string, includeNullified = false): Promise<IndexedOperation[]> {
    const rows = this.#rows("SELECT * FROM operations WHERE did = ? ORDER BY seq", did);
    return Promise.all(
      rows.filter((row) => includeNullified || row.nullified === 0).map((row) => indexedOperation(row)),
    );
  }

  async lastOpForDid(did: string): Promise<CompatibleOpOrTombstone | null> {
    return (await this.indexedOpsForDid(did)).at(-1)?.operation ?? null;
  }

  async exportOps(count: number, after?: Date): Promise<ExportedOp[]> {
    const rows = this.#rows(
      "SELECT * FROM operations WHERE createdAt > ? ORDER BY createdAt, seq LIMIT ?",
      after?.getTime() ?? -1,
      count,
    );
    return rows.map((row) => ({
      did: row.did,
      operation: JSON.parse(row.operation) as CompatibleOpOrTombstone,
      cid: row.cid,
      nullified: row.nullified === 1,
      createdAt: new Date(row.createdAt).toISOString(),
    }));
  }

  async healthCheck(): Promise<void> {
    this.#db.prepare("SELECT 1").get();
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #lastCid(did: string): string | undefined {
    return this.#rows(
      "SELECT * FROM operations WHERE did = ? AND nullified = 0 ORDER BY seq DESC LIMIT 1",
      did,
    )[0]?.cid;
  }

  #rows(sql: string, ...values: (string | number)[]): OperationRow[] {
    return this.#db
      .prepare(sql)
      .all(...values)
      .map((row) => ({
        did: String(row["did"]),
        operation: String(row["operation"]),
        cid: String(row["cid"]),
        nullified: Number(row["nullified"]),
        createdAt: Number(row["createdAt"]),
      }));
  }
}

/** The CID is computed again, because a stored one is text and @did-plc/lib compares CID objects of its own multiformats. */
async function indexedOperation(row: OperationRow): Promise<IndexedOperation> {
  const { op, cid } = await getLastOpWithCid([JSON.parse(row.operation) as CompatibleOpOrTombstone]);
  return {
    did: row.did,
    operation: op,
    cid,
    nullified: row.nullified === 1,
    createdAt: new Date(row.createdAt),
  };
}
