/** A throwaway world for one test file: PLC directory, PDS and broker on free ports, in temporary folders that `stop` removes. */

import { startBroker } from "../../../dev/broker.ts";
import type { Broker, BrokerOptions } from "../../../dev/broker.ts";
import { startNetwork } from "../../../dev/network.ts";
import type { Network } from "../../../dev/network.ts";
import { sharedBundle } from "./bundle-once.ts";
import { TestAccount } from "./test-account.ts";

export interface TestNetwork {
  readonly network: Network;
  readonly broker: Broker;
  /** The broker's address, for browsers and fetch alike. */
  readonly url: string;
  /** Makes a person whose handle begins with `name`. */
  person(name?: string): Promise<TestAccount>;
  /** Makes many people at once; fifty take about two seconds. */
  people(count: number): Promise<TestAccount[]>;
  /** A person with weekday hours and the given meeting type, written straight into their PDS. */
  host(options?: HostOptions): Promise<{ readonly host: TestAccount; readonly meetingType: string }>;
  stop(): Promise<void>;
}

export interface HostOptions {
  readonly name?: string;
  /** Absent: every day, all day, UTC. */
  readonly availability?: Record<string, unknown>;
  /** Over a 30-minute meeting type that is confirmed automatically. */
  readonly meetingType?: Record<string, unknown>;
}

/** Starts everything and waits until the broker answers. */
export async function startTestNetwork(
  options: Pick<BrokerOptions, "vars" | "direct" | "bundleDir"> = {},
): Promise<TestNetwork> {
  const network = await startNetwork();
  try {
    const bundleDir = options.bundleDir ?? sharedBundle();
    const broker = await startBroker({
      ...options,
      plcUrl: network.plcUrl,
      pdsUrl: network.pdsUrl,
      ...(bundleDir === undefined ? {} : { bundleDir }),
    });
    await broker.answering();
    return testNetwork(network, broker);
  } catch (error) {
    await network.stop();
    throw error;
  }
}

function testNetwork(network: Network, broker: Broker): TestNetwork {
  const place = { pdsUrl: network.pdsUrl, brokerUrl: broker.url, brokerDid: broker.brokerDid };
  let count = 0;
  const person = async (name = "person"): Promise<TestAccount> => {
    count += 1;
    const handle = `${name}-${count}.test`;
    const password = `password-of-${handle}`;
    return new TestAccount(await network.createAccount({ handle, password }), password, place);
  };
  return {
    network,
    broker,
    url: broker.url,
    person,
    people: (many) => Promise.all(Array.from({ length: many }, () => person())),
    host: async (options = {}) => {
      const host = await person(options.name ?? "host");
      return { host, meetingType: await publish(host, broker.brokerDid, options) };
    },
    stop: async () => {
      await broker.stop();
      await network.stop();
    },
  };
}

const AVAILABILITY = "3mtestweek222";
const MEETING_TYPE = "3mtestmeet222";

async function publish(host: TestAccount, brokerDid: string, options: HostOptions): Promise<string> {
  const createdAt = new Date().toISOString();
  const availability = await host.putRecord("social.schedule.availability", AVAILABILITY, {
    name: "Always",
    timeZone: "UTC",
    weekly: [{ days: ["mo", "tu", "we", "th", "fr", "sa", "su"], start: "00:00", end: "24:00" }],
    overrides: [],
    createdAt,
    ...options.availability,
  });
  await host.putRecord("social.schedule.meetingType", MEETING_TYPE, {
    title: "Half an hour",
    availability,
    durationMinutes: 30,
    approval: "automatic",
    createdAt,
    ...options.meetingType,
  });
  await host.putRecord("social.schedule.profile", "self", { broker: brokerDid, createdAt });
  return MEETING_TYPE;
}
