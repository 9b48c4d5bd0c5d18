import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KEYS } from "../support/sealing-keys.ts";
import { type Clock, stoppedClock } from "../support/time.ts";
import { AccountNetwork, handleOf } from "./account-network.ts";
import { Person } from "./account-person.ts";
import { MailProvider, secretIn } from "./mail-provider.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const GET_SESSION = "/xrpc/com.atproto.server.getSession";

let clock: Clock;
let network: AccountNetwork;
let provider: MailProvider;
let alice: Person;
let address: string;

beforeEach(async () => {
  clock = stoppedClock();
  network = new AccountNetwork().listen();
  provider = new MailProvider(network);
  alice = await somebody();
  address = `owner@${crypto.randomUUID()}.example`;
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function somebody(settings: Record<string, unknown> = {}): Promise<Person> {
  const person = new Person(network);
  await provider.isUsedBy(person.account, settings);
  return person;
}

/** Asks for it, and the alarm mails the link. */
async function asks(person: Person, which = address): Promise<string> {
  const outcome = await person.account.askForAddress({ address: which, handle: handleOf(person.did) });
  await runDurableObjectAlarm(person.account);
  return outcome;
}

async function proves(person: Person): Promise<void> {
  await asks(person);
  const { secret } = secretIn(provider.mailTo(address).at(-1));
  expect(await person.account.confirmLink(secret)).toMatchObject({ address });
  await runDurableObjectAlarm(person.account);
}

async function saysNever(person: Person): Promise<void> {
  await asks(person);
  const { secret } = secretIn(provider.mailTo(address).at(-1));
  expect(await person.account.refuseLink(secret)).toBe(true);
}

/** Signs in to be mailed at the address that their PDS says they have confirmed. */
async function signsInForIt(person: Person, scope?: string) {
  network.answers.set(GET_SESSION, () =>
    Response.json({ did: person.did, handle: "x.test", email: address, emailConfirmed: true }),
  );
  const params = person.approves(await person.begins("email"), scope === undefined ? {} : { scope });
  return person.finishes(params);
}

/** The clock goes on, and the alarm rings whenever it is set to. */
async function lives(person: Person, ms: number): Promise<void> {
  const end = clock.now + ms;
  const alarm = () => runInDurableObject(person.account, (_, { storage }) => storage.getAlarm());
  for (let at = await alarm(); at !== null && at <= end; at = await alarm()) {
    clock.moveTo(Math.max(at, clock.now));
    await runDurableObjectAlarm(person.account);
  }
  clock.moveTo(end);
}

/** Whether nothing of them is there: neither tables nor an alarm. */
function leavesNothing(person: Person): Promise<boolean> {
  return runInDurableObject(person.account, async (_, { storage }) => {
    const tables = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'");
    return tables.toArray().length === 0 && (await storage.getAlarm()) === null;
  });
}

/** The real D1, of which every statement waits for this. */
function d1After(gate: () => Promise<void>): D1Database {
  const gated = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get: (target, name) => {
        if (name === "bind") return (...values: unknown[]) => gated(target.bind(...values));
        const method: unknown = Reflect.get(target, name);
        return typeof method === "function"
          ? async (...values: unknown[]) => {
              await gate();
              return Reflect.apply(method, target, values) as unknown;
            }
          : method;
      },
    });
  return new Proxy(env.DB, {
    get: (db, name) =>
      name === "prepare" ? (query: string) => gated(db.prepare(query)) : (Reflect.get(db, name) as unknown),
  });
}

describe("never", () => {
  it("takes an address out of use also where somebody else had proved it", async () => {
    await proves(alice);
    const bob = await somebody();
    await saysNever(bob);
    await runDurableObjectAlarm(bob.account);
    expect(await alice.account.mailRecipient()).toBeUndefined();
    expect(await alice.account.mailStanding()).toMatchObject({ address, isRefused: true });
  });

  it("takes it out of use where it was the one of who asked, once it had to be proved again", async () => {
    await proves(alice);
    await alice.account.addressRefused(address);
    await saysNever(alice);
    expect(await alice.account.mailStanding()).toEqual({ isRefused: false, reminders: true });
  });

  it("holds against a PDS that calls the address confirmed, before D1 knows of it and after", async () => {
    await saysNever(alice);
    expect(await signsInForIt(alice)).toMatchObject({ ok: true, email: "none" });
    await runDurableObjectAlarm(alice.account);
    const bob = await somebody();
    expect(await signsInForIt(bob)).toMatchObject({ ok: true, email: "none" });
    expect(await bob.account.mailRecipient()).toBeUndefined();
  });

  it.each([["confirmLink", "refuseLink"] as const, ["refuseLink", "confirmLink"] as const])(
    "and yes at the same moment have one winner: %s, then %s",
    async (...answers) => {
      await asks(alice);
      const { secret } = secretIn(provider.mailTo(address)[0]);
      const given = await Promise.all(answers.map((answer) => alice.account[answer](secret)));
      const [winner, ...others] = answers.filter((__, index) => given[index]);
      expect(others).toEqual([]);
      const used = (await alice.account.mailStanding()).address;
      expect(used).toBe(winner === "confirmLink" ? address : undefined);
    },
  );

  it.each<[string, (gate: { isAway: boolean }) => Record<string, unknown>, Record<string, unknown>]>([
    [
      "D1 is away",
      (gate) => ({
        DB: d1After(async () => {
          if (gate.isAway) throw new Error("D1_ERROR: away");
        }),
      }),
      {},
    ],
    [
      "the key is away that it is sealed with",
      () => ({ SEALING_KEYS: KEYS.next }),
      { SEALING_KEYS: KEYS.old },
    ],
  ])("is not lost while %s", async (_, settings, mended) => {
    await asks(alice);
    const gate = { isAway: true };
    await alice.account.refuseLink(secretIn(provider.mailTo(address)[0]).secret);
    await provider.isUsedBy(alice.account, settings(gate));
    await lives(alice, 8 * DAY);
    gate.isAway = false;
    await provider.isUsedBy(alice.account, mended);
    await lives(alice, 2 * HOUR);
    await asks(await somebody());
    expect(provider.tries).toHaveLength(1);
    expect(await leavesNothing(alice)).toBe(true);
  });
});

describe("a PDS that calls an address confirmed", () => {
  it("is believed for three people a week, each counted once: anybody may run one", async () => {
    const taken = [];
    for (let count = 0; count < 4; count += 1) {
      const person = await somebody();
      await signsInForIt(person);
      const again = await signsInForIt(person);
      taken.push(again.ok && again.email);
    }
    expect(taken).toEqual(["taken", "taken", "taken", "none"]);
  });

  it("is not asked by a sign-in for something else, whatever it allows unasked", async () => {
    await signsInForIt(alice, "atproto");
    for (const purpose of ["book", "publish"] as const) {
      const scope = "atproto account:email transition:email";
      const finished = await alice.finishes(alice.approves(await alice.begins(purpose), { scope }));
      expect(finished).toMatchObject({ ok: true, returnTo: "/book/alice" });
      expect(finished).not.toHaveProperty("email");
    }
    expect(await alice.account.mailRecipient()).toBeUndefined();
  });
});

describe("a link that waits", () => {
  it("does not go out after the address was removed, even while D1 is asked", async () => {
    const DB = d1After(() => alice.account.forgetAddress());
    await provider.isUsedBy(alice.account, { DB });
    await asks(alice);
    expect(provider.tries).toEqual([]);
  });

  it("does not go out once it has expired", async () => {
    provider.refusals.push(() => new Response("{}", { status: 401 }));
    await asks(alice);
    expect(provider.tries).toHaveLength(1);
    clock.moveBy(7 * DAY);
    await lives(alice, DAY);
    expect(provider.mailTo(address)).toEqual([]);
    expect(await leavesNothing(alice)).toBe(true);
  });

  it("is not tried again once a day has passed since it was owed: providers have forgotten its key", async () => {
    const [start, at] = [clock.now, [] as number[]];
    for (let tries = 0; tries < 100; tries += 1) {
      provider.refusals.push(() => {
        at.push(clock.now - start);
        return new Response("{}", { status: 500 });
      });
    }
    await asks(alice);
    await lives(alice, 3 * DAY);
    expect(at.at(-1)).toBeGreaterThan(DAY - 2 * HOUR);
    expect(at.at(-1)).toBeLessThan(DAY);
    expect(await alice.account.mailStanding()).not.toHaveProperty("asked");
  });
});

describe("an Account", () => {
  it("goes once its address is forgotten, months later too", async () => {
    await proves(alice);
    await lives(alice, 60 * DAY);
    expect(await alice.account.mailRecipient()).toMatchObject({ address });
    await alice.account.forgetAddress();
    await lives(alice, HOUR);
    expect(await leavesNothing(alice)).toBe(true);
  });

  it("keeps a no to reminders until it is taken back, and goes then", async () => {
    await alice.account.setMailedReminders(false);
    await lives(alice, 30 * DAY);
    expect(await alice.account.mailStanding()).toMatchObject({ reminders: false });
    await alice.account.setMailedReminders(true);
    await lives(alice, HOUR);
    expect(await leavesNothing(alice)).toBe(true);
  });

  it("is not made by forgetting what is not there", async () => {
    await alice.account.forgetAddress();
    await alice.account.setMailedReminders(true);
    expect(await leavesNothing(alice)).toBe(true);
  });

  it("is mailed at an address that was proved also while the key of D1's hashes is lost", async () => {
    await proves(alice);
    await env.DB.exec("UPDATE address_pepper SET key_id = 'gone'");
    try {
      expect(await alice.account.mailRecipient()).toMatchObject({ address });
    } finally {
      await env.DB.exec("UPDATE address_pepper SET key_id = 'test'");
    }
  });
});
