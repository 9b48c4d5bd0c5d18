/** Makes an address a confirmed one at the local PDS, which has nobody to mail it to: as it is kept once its owner followed the PDS's own link. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Network } from "../../../dev/network.ts";

const UPDATE = `
  const { DatabaseSync } = require("node:sqlite");
  const [file, did, email] = process.argv.slice(1);
  const database = new DatabaseSync(file);
  database.exec("PRAGMA busy_timeout = 5000");
  const statement = database.prepare("UPDATE account SET email = ?, emailConfirmedAt = ? WHERE did = ?");
  const { changes } = statement.run(email, new Date().toISOString(), did);
  database.close();
  process.exitCode = Number(changes) === 1 ? 0 : 1;`;

/**
 * In a process of its own: the PDS is in this one with another SQLite, and whichever of two in one process closes the file first takes the
 * other's locks away. @throws where nobody has that DID
 */
export function confirmEmailAtPds({ dataDir }: Network, did: string, email: string): void {
  const file = join(dataDir, "pds", "account.sqlite");
  execFileSync(process.execPath, ["--no-warnings", "-e", UPDATE, file, did, email]);
}
