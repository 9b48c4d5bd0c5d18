/** Hosts who are open around the clock for years ahead, so that a load never runs out of slots. */

import type { Network } from "../dev/network.ts";
import { putRecord } from "../dev/account.ts";

const DAY_MS = 24 * 60 * 60_000;

/** The meeting type's duration and grid. */
export const SLOT_MS = 5 * 60_000;

export interface BenchHost {
  readonly did: string;
  readonly meetingTypeRkey: string;
  /** Epoch ms; slots follow one another from here. */
  readonly firstSlot: number;
}

/** Makes an account and publishes its records straight into its PDS. `name` is the first part of its handle. */
export async function publishBenchHost(
  network: Network,
  brokerDid: string,
  name: string,
  horizonDays = 3650,
): Promise<BenchHost> {
  const account = await network.createAccount({ handle: `${name}.test`, password: "bench-password" });
  const createdAt = new Date().toISOString();
  const put = (collection: string, rkey: string, record: object): Promise<string> =>
    putRecord(network.pdsUrl, account, { collection, rkey, value: { createdAt, ...record } });
  const uri = await put("social.schedule.availability", "3mbenchweek22", {
    name: "Always",
    timeZone: "UTC",
    weekly: [{ days: ["mo", "tu", "we", "th", "fr", "sa", "su"], start: "00:00", end: "24:00" }],
  });
  await put("social.schedule.meetingType", "3mbenchmeet22", {
    title: "Five minutes",
    availability: uri,
    durationMinutes: SLOT_MS / 60_000,
    horizonDays,
    approval: "automatic",
  });
  await put("social.schedule.profile", "self", { broker: brokerDid });
  const firstSlot = (Math.floor(Date.now() / DAY_MS) + 2) * DAY_MS;
  return { did: account.did, meetingTypeRkey: "3mbenchmeet22", firstSlot };
}
