/** What a person reads once the local run is up: what to open and whom to sign in as. Only text. */

import { relative } from "node:path";
import type { LocalRun } from "./local-run.ts";
import { seededPeople } from "./seed.ts";

export function greeting({ ports, dataDir }: Pick<LocalRun, "ports" | "dataDir">): string {
  const origin = `http://127.0.0.1:${ports.PORT}`;
  const [host] = seededPeople;
  const people = seededPeople.map(
    ({ handle, password, role }) => `  ${handle.padEnd(12)} ${password.padEnd(16)} ${role}`,
  );
  return [
    "",
    `Open  ${origin}/book/${host.handle}`,
    "",
    "Sign in with one of these handles and passwords:",
    ...people,
    "",
    `${host.handle} sees her bookings at ${origin}/dashboard`,
    `Mail that was sent is at http://127.0.0.1:${ports.MAIL_PORT}`,
    `PDS http://localhost:${ports.PDS_PORT}, PLC directory http://localhost:${ports.PLC_PORT}; data and logs in ${shorter(dataDir)}`,
    "Ctrl-C stops everything.",
    "",
  ].join("\n");
}

function shorter(folder: string): string {
  const fromHere = relative(process.cwd(), folder);
  return fromHere === "" || fromHere.startsWith("..") ? folder : fromHere;
}
