import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBroker } from "../../dev/broker.ts";
import type { Broker } from "../../dev/broker.ts";
import { brokerDidOf } from "../../dev/broker-secrets.ts";
import { freePort } from "../../dev/loopback.ts";
import { startNetwork } from "../../dev/network.ts";
import type { Network } from "../../dev/network.ts";
import { seed, seededPeople } from "../../dev/seed.ts";
import { freePorts, processesWith, seesEnvironments, startScript } from "../dev/support/started.ts";
import type { Started } from "../dev/support/started.ts";
import { sharedBundle } from "./support/bundle-once.ts";
import { eventually } from "./support/eventually.ts";
import { TestAccount } from "./support/test-account.ts";

const [alice, bob] = seededPeople;

describe("a second start on the same folder", () => {
  let folder: string;
  let port: number;
  let network: Network | undefined;
  let broker: Broker | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "atproto-cal-restart-"));
    port = await freePort();
  });
  afterAll(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<{ network: Network; broker: Broker }> {
    network = await startNetwork({ dataDir: join(folder, "network") });
    await seed(network, brokerDidOf(port), Date.now());
    const { plcUrl, pdsUrl } = network;
    const bundleDir = sharedBundle();
    broker = await startBroker({
      plcUrl,
      pdsUrl,
      port,
      dataDir: join(folder, "broker"),
      ...(bundleDir !== undefined && { bundleDir }),
    });
    await broker.answering();
    return { network, broker };
  }

  async function stop(): Promise<void> {
    await broker?.stop();
    await network?.stop();
  }

  async function signIn(who: { handle: string; password: string }): Promise<TestAccount> {
    if (!network || !broker) throw new Error("Nothing runs.");
    const account = await network.signIn(who.handle, who.password);
    const { url: brokerUrl, brokerDid } = broker;
    return new TestAccount(account, who.password, { pdsUrl: network.pdsUrl, brokerUrl, brokerDid });
  }

  it("finds the accounts, their DIDs, the records, the booking and its history, on other PDS and PLC ports", async () => {
    const first = await start();
    const booker = await signIn(bob);
    const date = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const slots = await fetch(
      `${first.broker.url}/api/hosts/${alice.handle}/slots?meetingType=3mconsulting2&from=${date(3)}&to=${date(13)}`,
    );
    const { slots: free } = (await slots.json()) as { slots: { start: string }[] };
    const asked = await booker.call("social.schedule.requestBooking", "/api/bookings", {
      body: {
        host: alice.handle,
        meetingType: "3mconsulting2",
        start: free[0]?.start,
        requestId: crypto.randomUUID(),
      },
    });
    expect(asked.status).toBe(201);
    const { booking } = (await asked.json()) as { booking: { uid: string } };
    const history = () => broker?.query("SELECT id, status FROM bookings") ?? Promise.resolve([]);
    const written = await eventually(history, (rows) => rows.length === 1);
    const records = await (await signIn(alice)).listRecords("social.schedule.meetingType");
    const handles = await Promise.all(seededPeople.map(async (who) => (await signIn(who)).did));
    await stop();

    const second = await start();
    expect(second.network.pdsUrl).not.toBe(first.network.pdsUrl);
    expect(await Promise.all(seededPeople.map(async (who) => (await signIn(who)).did))).toEqual(handles);
    expect(await (await signIn(alice)).listRecords("social.schedule.meetingType")).toEqual(records);
    expect(await history()).toEqual(written);
    const read = await (await signIn(bob)).call("social.schedule.getBooking", `/api/bookings/${booking.uid}`);
    expect(read.status).toBe(200);
    expect(await read.json()).toEqual({ booking });
  });
});

describe.runIf(seesEnvironments)("npm start", () => {
  let folder: string;
  let run: Started | undefined;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "atproto-cal-start-"));
  });
  afterAll(async () => {
    await run?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it("ends with 0 on SIGTERM and leaves none of its processes behind, in whichever group", async () => {
    run = startScript("dev/start.ts", { ...(await freePorts()), DATA_DIR: folder });
    await run.printed("Ctrl-C stops everything.");
    // At least Node and workerd: otherwise the last line would prove nothing.
    expect(processesWith("DATA_DIR", folder).length).toBeGreaterThan(1);
    process.kill(run.pid, "SIGTERM");
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(
      await eventually(
        async () => processesWith("DATA_DIR", folder),
        (left) => left.length === 0,
        5,
      ),
    ).toEqual([]);
  });
});
