/** A real network and the real worker, one host with real records, and people who are signed in. */

import { putRecord } from "../../dev/account.ts";
import type { LocalAccount } from "../../dev/account.ts";
import { startBroker } from "../../dev/broker.ts";
import type { Broker } from "../../dev/broker.ts";
import { startNetwork } from "../../dev/network.ts";
import type { Network } from "../../dev/network.ts";
import type { Place } from "./exchange.ts";
import { OFFERS, openingAfter } from "./offers.ts";
import type { Opening } from "./offers.ts";

const BOOKERS = 50;

export interface World {
  readonly broker: Broker;
  readonly place: Place;
  stop(): Promise<void>;
}

/** @param bundleDir a bundle that was built already; absent: it is built first */
export async function startWorld(bundleDir?: string): Promise<World> {
  const network = await startNetwork();
  const { plcUrl, pdsUrl } = network;
  let broker: Broker | undefined;
  const stop = async (): Promise<void> => {
    await broker?.stop();
    await network.stop();
  };
  try {
    broker = await startBroker({ plcUrl, pdsUrl, ...(bundleDir !== undefined && { bundleDir }) });
    await broker.answering();
    const opening = openingAfter(Date.now());
    const host = await publishHost(network, broker.brokerDid, opening);
    const cookies = new Map<string, string>();
    for (const person of [host, ...Array.from({ length: BOOKERS }, (_, index) => booker(index))]) {
      cookies.set(person.did, await broker.sessionCookie(person));
    }
    return { broker, place: { url: broker.url, host: host.did, opening, cookies }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Somebody without an account: nothing of a booker is looked up once they are signed in. */
function booker(index: number): { did: string; handle: string } {
  const letter = (code: number): string => String.fromCodePoint("a".charCodeAt(0) + code);
  const name = `booker${letter(Math.floor(index / 26))}${letter(index % 26)}`;
  return { did: `did:plc:${name.padEnd(24, "a")}`, handle: `${name}.test` };
}

/** Makes an account and writes its records straight into its PDS. */
async function publishHost(network: Network, brokerDid: string, opening: Opening): Promise<LocalAccount> {
  const account = await network.createAccount({ handle: "proof-host.test", password: "proof-password" });
  const createdAt = new Date().toISOString();
  const put = (collection: string, rkey: string, record: object): Promise<string> =>
    putRecord(network.pdsUrl, account, { collection, rkey, value: { createdAt, ...record } });
  const uri = await put("social.schedule.availability", "3mproofhours22", {
    name: "Working hours",
    timeZone: "UTC",
    weekly: [
      {
        days: ["mo", "tu", "we", "th", "fr", "sa", "su"],
        start: localTime(opening.fromMinute),
        end: localTime(opening.untilMinute),
      },
    ],
  });
  for (const offer of OFFERS) {
    await put("social.schedule.meetingType", offer.rkey, {
      title: offer.title,
      availability: uri,
      durationMinutes: offer.minutes,
      slotIntervalMinutes: offer.everyMinutes,
      bufferBeforeMinutes: offer.minutesBefore,
      bufferAfterMinutes: offer.minutesAfter,
      horizonDays: opening.horizonDays,
      approval: offer.isManual ? "manual" : "automatic",
      ...(offer.maxPerDay !== undefined && { maxPerDay: offer.maxPerDay }),
      ...(offer.maxPerWeek !== undefined && { maxPerWeek: offer.maxPerWeek }),
    });
  }
  await put("social.schedule.profile", "self", { broker: brokerDid });
  return account;
}

function localTime(minute: number): string {
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${hours}:${minutes}`;
}
