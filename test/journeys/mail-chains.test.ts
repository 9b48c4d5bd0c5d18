import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { brokerSecrets } from "../../dev/broker-secrets.ts";
import { startMailSink } from "../../dev/mail-sink.ts";
import type { MailSink } from "../../dev/mail-sink.ts";
import type { AccountExportJson, BookingJson, OutboxJson } from "../../worker/wire.ts";
import { openImipCalendar } from "../support/imip-calendar.ts";
import { startRadicale } from "../support/radicale.ts";
import type { Radicale } from "../support/radicale.ts";
import { eventually } from "./support/eventually.ts";
import { expectedMail, stepsOf } from "./support/mail-chains.ts";
import type { Inbox } from "./support/mail-chains.ts";
import { mailTo, provesAddress } from "./support/mailbox.ts";
import type { ReadMail } from "./support/mailbox.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

/** Two hundred take two minutes: `CHAINS=200`. */
const CHAINS = Number(process.env["CHAINS"] ?? 24);
const HOSTS = 4;
const KILLS = Math.ceil(CHAINS / 10);
const AT_ONCE = 12;
const SLOT_MS = 30 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** Of its own for each chain, so that none is in the way of another. */
const SLOTS_EACH = 4;

let sink: MailSink;
let radicale: Radicale;
let world: TestNetwork;

beforeAll(async () => {
  [sink, radicale] = await Promise.all([startMailSink(), startRadicale(["a"])]);
  world = await startTestNetwork({
    vars: { MAIL_PROVIDER: "smtp", MAIL_FROM: "bookings@cal.example", SMTP_URL: sink.url },
  });
});
afterAll(async () => {
  await Promise.all([world?.stop(), sink?.stop(), radicale?.stop()]);
});

interface HostOfChains {
  readonly account: TestAccount;
  readonly meetingTypes: Readonly<Record<"manual" | "automatic", string>>;
}

/** What is done to a booking after it was asked for. What cannot be done at that point is refused, which is fine. */
type Step =
  | { readonly kind: "confirm" | "decline" }
  | { readonly kind: "cancel"; readonly by: Inbox }
  | { readonly kind: "move"; readonly by: Inbox; readonly slot: number };

const by = fc.constantFrom<Inbox>("host", "booker");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step>({ kind: "confirm" }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("move" as const),
      by,
      slot: fc.integer({ min: 0, max: SLOTS_EACH - 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cancel" as const), by }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "decline" }) },
);
const chain = fc.record({
  approval: fc.constantFrom("manual" as const, "automatic" as const),
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
});

/** Asks again and again while nobody answers; a refusal is an answer. */
async function answered(ask: () => Promise<Response>): Promise<{ status: number; text: string }> {
  for (let tries = 0; ; tries += 1) {
    try {
      const response = await ask();
      const text = await response.text();
      if (response.status < 500 && response.status !== 429) return { status: response.status, text };
    } catch {
      // Killed in the middle.
    }
    if (tries > 200) throw new Error("nobody answers");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function run(
  { approval, steps }: { approval: "manual" | "automatic"; steps: readonly Step[] },
  host: HostOfChains,
  booker: TestAccount,
  firstSlot: number,
): Promise<void> {
  const startAt = (slot: number) => new Date(firstSlot + slot * SLOT_MS).toISOString().replace(".000", "");
  const wanted = {
    host: host.account.did,
    meetingType: host.meetingTypes[approval],
    start: startAt(0),
    requestId: crypto.randomUUID(),
  };
  const asked = await answered(() =>
    booker.call("social.schedule.requestBooking", "/api/bookings", { body: wanted }),
  );
  expect(asked.status).toBe(201);
  const { booking } = JSON.parse(asked.text) as { booking: BookingJson };
  for (const one of steps) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
    const who = "by" in one && one.by === "booker" ? booker : host.account;
    const [operation, body] =
      one.kind === "move"
        ? (["reschedule", { start: startAt(one.slot), requestId: crypto.randomUUID() }] as const)
        : ([one.kind, {}] as const);
    await answered(() =>
      who.call(`social.schedule.${operation}Booking`, `/api/bookings/${booking.uid}/${operation}`, { body }),
    );
  }
}

/** Kills workerd and lets the mail server fail, until it is told to stop. */
function badWeather() {
  const weather = { isOver: false };
  const counts = { kills: 0, failures: 0 };
  const storms = (async () => {
    while (!weather.isOver) {
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 600));
      process.kill(world.broker.workerdPid(), "SIGKILL");
      counts.kills += 1;
      await world.broker.answering();
    }
  })();
  const showers = (async () => {
    while (!weather.isOver) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 900));
      const at = (["recipient", "message", "answer"] as const)[Math.floor(Math.random() * 3)];
      sink.fail(1, Math.random() < 0.5 ? 451 : 421, at);
      counts.failures += 1;
    }
  })();
  return {
    counts,
    stop: async () => {
      weather.isOver = true;
      await Promise.all([storms, showers]);
    },
  };
}

async function everythingSent(hosts: readonly HostOfChains[]): Promise<OutboxJson[]> {
  const headers = { authorization: `Bearer ${brokerSecrets(world.broker.dataDir).OPERATOR_TOKEN}` };
  return Promise.all(
    hosts.map(async ({ account }) => {
      const answer = await fetch(`${world.url}/api/operator/hosts/${account.did}/outbox`, { headers });
      return (await answer.json()) as OutboxJson;
    }),
  );
}

function shuffled<Value>(values: readonly Value[]): Value[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** Without what tells one try from another. */
function withoutDate(raw: Buffer): string {
  return raw.toString("latin1").replace(/^Date: .*\r\n/m, "");
}

it(
  "random chains through kills, lost answers and a failing mail server: everybody has every mail that was owed, once, and the right entry",
  { timeout: 420_000 },
  async () => {
    const hosts: HostOfChains[] = await Promise.all(
      Array.from({ length: HOSTS }, async () => {
        const { host, meetingType } = await world.host({ meetingType: { approval: "manual" } });
        const [record] = await host.listRecords("social.schedule.meetingType");
        await host.putRecord("social.schedule.meetingType", "3mtestmeet333", {
          ...record?.value,
          approval: "automatic",
        });
        return { account: host, meetingTypes: { manual: meetingType, automatic: "3mtestmeet333" } };
      }),
    );
    const bookers = await world.people(AT_ONCE);
    const addressOf = (who: TestAccount) => `${who.handle.replaceAll(".", "-")}@mail.example`;
    for (const who of [...hosts.map(({ account }) => account), ...bookers]) {
      await provesAddress(world, sink, who, addressOf(who));
    }
    sink.clear();

    const firstDay = Math.floor(Date.now() / DAY_MS) * DAY_MS + 2 * DAY_MS;
    const chains = fc.sample(chain, CHAINS).map((one, index) => ({ ...one, index }));
    const weather = badWeather();
    await Promise.all(
      bookers.map(async (booker, person) => {
        for (const one of chains.filter(({ index }) => index % AT_ONCE === person)) {
          const host = hosts[one.index % HOSTS];
          if (host === undefined) throw new Error("there are hosts");
          await run(one, host, booker, firstDay + Math.floor(one.index / HOSTS) * SLOTS_EACH * SLOT_MS);
        }
      }),
    );
    // Also while what is left of the mail goes out.
    await eventually(
      async () => weather.counts.kills,
      (kills) => kills >= KILLS,
      60,
    );
    await weather.stop();
    const outboxes = await eventually(
      () => everythingSent(hosts),
      (all) => all.every(({ waiting }) => waiting === 0),
      120,
    );
    expect(outboxes.map(({ waiting, parked, effects }) => ({ waiting, parked, effects }))).toEqual(
      hosts.map(() => ({ waiting: 0, parked: 0, effects: [] })),
    );

    // A key is of one message only, however often it was tried.
    const byKey = Map.groupBy(
      await Promise.all(sink.messages().map(async ({ raw }) => withoutDate(raw))),
      (raw) => /^Message-ID: (.*)\r$/m.exec(raw)?.[1] ?? "",
    );
    for (const [key, tries] of byKey) expect(new Set(tries).size, key).toBe(1);
    expect(byKey.has("")).toBe(false);
    const repeated = sink.messages().length - byKey.size;
    expect(repeated, "mails that came twice").toBeGreaterThan(0);

    const inboxes = new Map<string, ReadMail[]>();
    for (const who of [...hosts.map(({ account }) => account), ...bookers]) {
      inboxes.set(who.did, await mailTo(sink, addressOf(who)));
    }
    let bookings = 0;
    for (const { account } of hosts) {
      const exported = (await (
        await account.call("social.schedule.exportAccount", "/api/account/export")
      ).json()) as AccountExportJson;
      const steps = stepsOf(exported.decisions.log, account.did);
      for (const booking of exported.bookings.asHost) {
        bookings += 1;
        for (const inbox of ["host", "booker"] as const) {
          const mails = (inboxes.get(booking[inbox].did) ?? []).filter(({ text }) =>
            text.includes(booking.uid),
          );
          const once = [...new Map(mails.map((mail) => [mail.id, mail])).values()];
          const got = once.map(({ invite }) => ({
            method: invite?.method ?? "none",
            sequence: Number(/^SEQUENCE:(\d+)/m.exec(invite?.ics ?? "")?.[1] ?? -1),
          }));
          const owed = expectedMail(steps.get(booking.uid) ?? [], inbox);
          expect(got, `${inbox} of ${JSON.stringify(steps.get(booking.uid))}`).toEqual(
            owed.map((one) => (one.method === "none" ? { method: "none", sequence: -1 } : one)),
          );
          const uids = new Set(
            once.flatMap(({ invite }) => /^UID:(.*(?:\r\n .*)*)/m.exec(invite?.ics ?? "")?.[1] ?? []),
          );
          expect(uids.size).toBeLessThanOrEqual(1);
        }
      }
    }
    expect(bookings).toBe(CHAINS);

    // Into calendars that are not ours, twice over and in any order.
    for (const who of [...hosts.map(({ account }) => account), ...bookers]) {
      const calendar = await openImipCalendar(radicale, who.handle);
      const invites = (inboxes.get(who.did) ?? []).flatMap(({ invite }) => invite ?? []);
      for (const { ics } of shuffled([...invites, ...shuffled(invites).slice(0, 10)]))
        await calendar.receive(ics);
      const entries = new Map((await calendar.entries()).map((entry) => [entry.uid.split("@")[0], entry]));
      for (const role of ["asHost", "asBooker"] as const) {
        const { bookings: all } = (await (
          await who.call("social.schedule.exportAccount", "/api/account/export")
        ).json()) as AccountExportJson;
        for (const { uid, status, start, sequence } of all[role]) {
          const entry = entries.get(uid);
          if (status === "confirmed")
            expect(entry, uid).toMatchObject({ status: "CONFIRMED", start: Date.parse(start), sequence });
          else if (entry) expect(entry.status, uid).toBe(status === "pending" ? "TENTATIVE" : "CANCELLED");
          entries.delete(uid);
        }
      }
      expect([...entries.keys()], "entries of no booking").toEqual([]);
    }
    console.log(
      `${CHAINS} chains, ${weather.counts.kills} kills, ${byKey.size} mails, ${repeated} of them came twice`,
    );
  },
);
