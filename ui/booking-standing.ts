/** Which side of a booking somebody is on, and whether it still stands. Pure; the worker judges both again. */

import type { BookingJson } from "../worker/wire.ts";

export type Side = "host" | "booker";

export function sideOf({ host }: Pick<BookingJson, "host">, did: string): Side {
  return host.did === did ? "host" : "booker";
}

/** Whether it takes time that is not over yet: what can be cancelled or moved. */
export function isStanding({ status, end }: Pick<BookingJson, "status" | "end">, now: number): boolean {
  return (status === "pending" || status === "confirmed") && Date.parse(end) > now;
}
