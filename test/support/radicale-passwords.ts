/** People who change their password at Radicale while it runs. */

import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Radicale } from "./radicale.ts";

/** From now on these are everybody's passwords, by user name; whoever is not named is let in no more. */
export function setPasswords(radicale: Radicale, passwords: Readonly<Record<string, string>>): void {
  const users = join(radicale.folder, "../../users");
  const lines = Object.entries(passwords).map(([name, password]) => `${name}:${password}\n`);
  // It is read with every request, so there must be no moment in which it is empty.
  writeFileSync(`${users}.new`, lines.join(""));
  renameSync(`${users}.new`, users);
}
