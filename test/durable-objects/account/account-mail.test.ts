import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { handleOf } from "./account-network.ts";
import { AccountNetwork } from "./account-network.ts";
import { Person } from "./account-person.ts";
import { MailProvider, secretIn } from "./mail-provider.ts";
import { haveKeys, keysInUse } from "../support/sealing-keys.ts";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

let network: AccountNetwork;
let provider: MailProvider;
let alice: Person;
let address: string;
let count = 0;

beforeEach(async () => {
  network = new AccountNetwork().listen();
  provider = new MailProvider(network);
  alice = await somebody();
  count += 1;
  address = `Owner-${count}@${crypto.randomUUID()}.example`;
});

afterEach(async () => {
  // What waits for another try would be tried during the next test.
  await alice.account.forgetAddress();
  vi.restoreAllMocks();
});

async function somebody(): Promise<Person> {
  const person = new Person(network);
  await provider.isUsedBy(person.account);
  return person;
}

function asks(person: Person, which = address, timeZone = "Europe/Berlin") {
  return person.account.askForAddress({ address: which, handle: handleOf(person.did), timeZone });
}

/** The mails that have arrived at an address, once there are so many. */
async function arrived(howMany: number, at = address) {
  await vi.waitFor(() => expect(provider.mailTo(at)).toHaveLength(howMany), 5_000);
  return provider.mailTo(at);
}

/** Until the alarm has nothing to do just now. */
async function settled(person: Person): Promise<void> {
  await vi.waitFor(async () => expect(await outbox(person, "due_at <= ?", Date.now())).toEqual([]), 5_000);
}

function outbox(person: Person, where = "true", ...values: number[]) {
  return runInDurableObject(person.account, (_instance, { storage: { sql } }) =>
    sql.exec("SELECT name FROM sqlite_master WHERE name = 'mail_outbox'").toArray().length === 0
      ? []
      : sql
          .exec<{ kind: string; due_at: number; attempts: number }>(
            `SELECT kind, due_at, attempts FROM mail_outbox WHERE kind <> 'catch-up' AND ${where}`,
            ...values,
          )
          .toArray(),
  );
}

/** Proves an address as its owner does: by the link that came there. */
async function proves(person: Person, which = address): Promise<void> {
  await asks(person, which);
  const [mail] = await arrived(1, which);
  expect(await person.account.confirmLink(secretIn(mail).secret)).toMatchObject({ address: which });
}

function clockAt(instant: number): void {
  vi.spyOn(Date, "now").mockReturnValue(instant);
}

describe("asking for an address", () => {
  it("mails one link there, which says whose account it is about, and nothing else of use without it", async () => {
    expect(await asks(alice)).toBe("asked");
    const [mail] = await arrived(1);
    expect(mail?.text).toContain(`${env.PUBLIC_URL}/email/confirm#`);
    const { did, secret } = secretIn(mail);
    expect(did).toBe(alice.did);
    expect(await alice.everythingStored()).not.toContain(secret);
    expect(await alice.account.mailRecipient()).toBeUndefined();
    expect(await alice.account.mailStanding()).toMatchObject({ asked: { address } });
  });

  it("again, or with other capitals, mails nothing", async () => {
    await asks(alice);
    expect(await asks(alice, address.toLowerCase())).toBe("known");
    await arrived(1);
    expect(await asks(alice)).toBe("known");
    await settled(alice);
    expect(provider.tries).toHaveLength(1);
  });

  it("many times at once mails one", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => asks(alice)));
    expect(answers.filter((answer) => answer === "asked")).toHaveLength(1);
    expect(answers.filter((answer) => answer === "known")).toHaveLength(9);
    await settled(alice);
    expect(await arrived(1)).toHaveLength(1);
  });

  it("sends nothing from the request: a provider that is away is no matter for it", async () => {
    provider.refusals.push(...Array.from({ length: 9 }, () => () => new Response("", { status: 503 })));
    expect(await asks(alice)).toBe("asked");
  });

  it("is not offered where this broker sends no mail, and leaves no trace", async () => {
    await provider.isUsedBy(alice.account, { MAIL_PROVIDER: "" });
    expect(await asks(alice)).toBe("not-offered");
    expect(await alice.everythingStored()).toBe("");
  });

  it("keeps no address where it can be read, neither here nor in D1 nor in the log", async () => {
    const logged: string[] = [];
    for (const level of ["log", "warn", "error", "info", "debug"] as const) {
      vi.spyOn(console, level).mockImplementation((...words) => void logged.push(words.join(" ")));
    }
    provider.refusals.push(() => Response.json({ name: "internal_server_error" }, { status: 500 }));
    await proveAfterTrouble();
    const [local] = address.split("@");
    for (const place of [await alice.everythingStored(), await everythingInD1(), logged.join("\n")]) {
      expect(place.toLowerCase()).not.toContain(String(local).toLowerCase());
    }
  });

  async function proveAfterTrouble(): Promise<void> {
    await asks(alice);
    await vi.waitFor(() => expect(provider.tries).toHaveLength(1), 5_000);
    await vi.waitFor(async () => expect(await outbox(alice)).toMatchObject([{ attempts: 1 }]), 5_000);
    clockAt(Date.now() + HOUR);
    await runDurableObjectAlarm(alice.account);
    await alice.account.confirmLink(secretIn((await arrived(1))[0]).secret);
  }
});

describe("a link", () => {
  it("shows who asked, proves the address once, and is good no more then", async () => {
    await asks(alice);
    const { secret } = secretIn((await arrived(1))[0]);
    expect(await alice.account.lookAtLink(secret)).toMatchObject({ address, handle: handleOf(alice.did) });
    expect(await alice.account.confirmLink(secret)).toMatchObject({ address });
    expect(await alice.account.mailRecipient()).toMatchObject({
      address,
      timeZone: "Europe/Berlin",
      reminders: true,
    });
    expect(await alice.account.confirmLink(secret)).toBeUndefined();
    expect(await alice.account.lookAtLink(secret)).toBeUndefined();
    expect(await asks(alice)).toBe("known");
  });

  it("is for the account it was made for, and cannot be guessed", async () => {
    await asks(alice);
    const { secret } = secretIn((await arrived(1))[0]);
    const mallory = await somebody();
    expect(await mallory.account.confirmLink(secret)).toBeUndefined();
    expect(await mallory.everythingStored()).toBe("");
    expect(await alice.account.confirmLink(`${secret.slice(0, -1)}_`)).toBeUndefined();
  });

  it("is good for seven days, after which the address can be asked for again", async () => {
    await asks(alice);
    const { secret } = secretIn((await arrived(1))[0]);
    const begun = Date.now();
    clockAt(begun + 7 * DAY + 1_000);
    expect(await alice.account.lookAtLink(secret)).toBeUndefined();
    expect(await alice.account.confirmLink(secret)).toBeUndefined();
    expect(await alice.account.mailStanding()).not.toHaveProperty("asked");
    expect(await asks(alice)).toBe("asked");
    await runDurableObjectAlarm(alice.account);
    await arrived(2);
  });

  it("to another address changes nothing until it is followed; then the other links are good no more", async () => {
    await proves(alice);
    const others = ["a", "b"].map((name) => `${name}@${crypto.randomUUID()}.example`);
    for (const other of others) await asks(alice, other);
    const [first, second] = await Promise.all(others.map(async (other) => (await arrived(1, other))[0]));
    expect(await alice.account.mailRecipient()).toMatchObject({ address });
    await alice.account.confirmLink(secretIn(first).secret);
    expect(await alice.account.mailRecipient()).toMatchObject({ address: others[0] });
    expect(await alice.account.confirmLink(secretIn(second).secret)).toBeUndefined();
  });

  it("is forgotten with the address", async () => {
    await proves(alice);
    const other = `x@${crypto.randomUUID()}.example`;
    await asks(alice, other);
    const [mail] = await arrived(1, other);
    await alice.account.forgetAddress();
    expect(await alice.account.mailRecipient()).toBeUndefined();
    expect(await alice.account.confirmLink(secretIn(mail).secret)).toBeUndefined();
  });
});

describe("limits", () => {
  it("let one person have five links sent in a day, also where they forget them in between", async () => {
    const addresses = Array.from({ length: 6 }, () => `x@${crypto.randomUUID()}.example`);
    const answers: string[] = [];
    for (const one of addresses) {
      answers.push(await asks(alice, one));
      await alice.account.forgetAddress();
    }
    expect(answers).toEqual(["asked", "asked", "asked", "asked", "asked", "limited"]);
    clockAt(Date.now() + DAY + 1_000);
    expect(await asks(alice)).toBe("asked");
  });

  it("hold also when all are asked for at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => asks(alice, `x@${crypto.randomUUID()}.example`)),
    );
    expect(answers.filter((answer) => answer === "asked")).toHaveLength(5);
  });

  it("let one address have three links in seven days, whoever asks; who asks beyond that cannot tell", async () => {
    const people = await Promise.all(Array.from({ length: 8 }, somebody));
    expect(new Set(await Promise.all(people.map((person) => asks(person))))).toEqual(new Set(["asked"]));
    await Promise.all(people.map(settled));
    expect(await arrived(3)).toHaveLength(3);
    const shown = await Promise.all(people.map((person) => person.account.mailStanding()));
    expect(shown.every(({ asked }) => asked?.address === address)).toBe(true);
    expect(await Promise.all(people.map((person) => asks(person)))).toEqual(people.map(() => "known"));
    const late = await somebody();
    clockAt(Date.now() + 7 * DAY + 1_000);
    await asks(late);
    await runDurableObjectAlarm(late.account);
    await arrived(4);
  });
});

describe("never mail me", () => {
  it("is kept: no link goes there any more, whoever asks, and who asked is told", async () => {
    await asks(alice);
    const { secret } = secretIn((await arrived(1))[0]);
    expect(await alice.account.refuseLink(secret)).toBe(true);
    expect(await alice.account.confirmLink(secret)).toBeUndefined();
    expect(await asks(alice)).toBe("unwanted");
    expect(await alice.account.mailStanding()).not.toHaveProperty("asked");
    await settled(alice);
    const bob = await somebody();
    expect(await asks(bob, address.toUpperCase())).toBe("asked");
    await settled(bob);
    expect(await bob.account.mailStanding()).toMatchObject({ asked: { address: address.toUpperCase() } });
    const begun = Date.now();
    clockAt(begun + 400 * DAY);
    const late = await somebody();
    await asks(late);
    await runDurableObjectAlarm(late.account);
    expect(await late.account.mailStanding()).toMatchObject({ asked: { address } });
    expect(provider.tries).toHaveLength(1);
  });

  it("stays also when the sealing key is changed and the old one is taken away", async () => {
    await asks(alice);
    await alice.account.refuseLink(secretIn((await arrived(1))[0]).secret);
    await settled(alice);
    const [bob, carol] = [await somebody(), await somebody()];
    await haveKeys("both", bob.account);
    await asks(bob);
    await settled(bob);
    await haveKeys("next", carol.account);
    await asks(carol);
    await settled(carol);
    expect(provider.tries).toHaveLength(1);
    // It is for being refused that nothing came, and not for being unable to ask.
    const other = `x@${crypto.randomUUID()}.example`;
    await asks(carol, other);
    await arrived(1, other);
    // As it was, for the tests after this one.
    const dave = await somebody();
    const { keys } = JSON.parse(env.SEALING_KEYS) as { keys: object };
    const next = "bmV4dC1uZXh0LW5leHQtbmV4dC1uZXh0LW5leHQtbmU";
    const back = JSON.stringify({ active: "test", keys: { ...keys, next } });
    await provider.isUsedBy(dave.account, { SEALING_KEYS: back });
    await asks(dave, `x@${crypto.randomUUID()}.example`);
    await settled(dave);
  });
});

describe("a provider that", () => {
  it.each([
    ["is away", () => new Response("", { status: 503 })],
    ["is overrun", () => Response.json({ name: "rate_limit_exceeded" }, { status: 429 })],
    ["breaks off", () => new Response("{")],
  ])("%s gets the same mail again, with the same key, and it counts once", async (_, refusal) => {
    provider.refusals.push(refusal, refusal);
    await asks(alice);
    const begun = Date.now();
    for (const tries of [1, 2]) {
      await vi.waitFor(async () => expect(await outbox(alice)).toMatchObject([{ attempts: tries }]), 5_000);
      clockAt(begun + tries * HOUR);
      await runDurableObjectAlarm(alice.account);
    }
    await arrived(1);
    expect(new Set(provider.tries.map(({ key, body }) => key + body)).size).toBe(1);
    expect(provider.tries).toHaveLength(3);
    expect(await linksCounted()).toBe(1);
  });

  it("names a time is not asked before", async () => {
    const retryAfter = { "retry-after": "7200" };
    provider.refusals.push(() => Response.json({}, { status: 429, headers: retryAfter }));
    await asks(alice);
    await vi.waitFor(async () => expect(await outbox(alice)).toMatchObject([{ attempts: 1 }]), 5_000);
    const [{ due_at: dueAt } = { due_at: 0 }] = await outbox(alice);
    expect(dueAt - Date.now()).toBeGreaterThan(7_190_000);
  });

  it("is away for a day is given up: it is as if nothing had been asked", async () => {
    provider.refusals.push(...Array.from({ length: 9 }, () => () => new Response("", { status: 503 })));
    await asks(alice);
    await vi.waitFor(async () => expect(await outbox(alice)).toMatchObject([{ attempts: 1 }]), 5_000);
    clockAt(Date.now() + DAY + HOUR);
    await runDurableObjectAlarm(alice.account);
    expect(await outbox(alice)).toEqual([]);
    expect(await alice.account.mailStanding()).not.toHaveProperty("asked");
    expect(await asks(alice)).toBe("asked");
  });

  it("knows no such address is asked once, and it is as if nothing had been asked", async () => {
    const message = "Invalid `to` field. The email address does not exist.";
    provider.refusals.push(() => Response.json({ name: "validation_error", message }, { status: 422 }));
    await asks(alice);
    await vi.waitFor(async () => {
      expect(await alice.account.mailStanding()).not.toHaveProperty("asked");
    }, 5_000);
    expect(provider.tries).toHaveLength(1);
  });

  it("is not set up right gets it once it is, days later", async () => {
    provider.refusals.push(...Array.from({ length: 2 }, () => () => new Response("", { status: 401 })));
    await asks(alice);
    await vi.waitFor(async () => expect(await outbox(alice)).toMatchObject([{ attempts: 1 }]), 5_000);
    const begun = Date.now();
    for (const days of [2, 3]) {
      clockAt(begun + days * DAY);
      await runDurableObjectAlarm(alice.account);
    }
    await arrived(1);
  });
});

describe("an address in use", () => {
  it("that is refused for good is used no more, which is news once, until it is proved again", async () => {
    await proves(alice);
    expect(await alice.account.addressRefused("other@cal.example")).toBe(false);
    expect(await alice.account.addressRefused(address.toLowerCase())).toBe(true);
    expect(await alice.account.addressRefused(address)).toBe(false);
    expect(await alice.account.mailRecipient()).toBeUndefined();
    expect(await alice.account.mailStanding()).toMatchObject({ address, isRefused: true });
    expect(await asks(alice)).toBe("asked");
    await alice.account.confirmLink(secretIn((await arrived(2))[1]).secret);
    expect(await alice.account.mailRecipient()).toMatchObject({ address });
  });

  it("can be kept without reminders, by the link in a mail and by nothing else", async () => {
    await proves(alice);
    const { unsubscribeUrl = "" } = (await alice.account.mailRecipient()) ?? {};
    expect((await alice.account.mailRecipient())?.unsubscribeUrl).toBe(unsubscribeUrl);
    const secret = unsubscribeUrl.split(".").at(-1) ?? "";
    expect(await alice.account.unsubscribe("a".repeat(43))).toBe(false);
    expect(await (await somebody()).account.unsubscribe(secret)).toBe(false);
    expect((await alice.account.mailRecipient())?.reminders).toBe(true);
    expect(await alice.account.unsubscribe(secret)).toBe(true);
    expect(await alice.account.mailRecipient()).toMatchObject({ address, reminders: false });
    await alice.account.setMailedReminders(true);
    expect((await alice.account.mailRecipient())?.reminders).toBe(true);
  });

  it("is told to the authorities of what is ahead, those that fail at first included", async () => {
    const hosts = ["did:plc:one", "did:plc:two", "did:plc:past"];
    for (const [index, host] of hosts.entries()) {
      await bookingInD1(host, alice.did, host.endsWith("past") ? -DAY : (index + 1) * DAY);
    }
    await bookingInD1(alice.did, "did:plc:guest", DAY);
    const told: string[] = [];
    let isFirst = true;
    await provider.isUsedBy(alice.account, {
      HOST_CALENDAR: {
        getByName: (host: string) => ({
          async addressProved(did: string) {
            if (host.endsWith("one") && isFirst) {
              isFirst = false;
              throw new Error("overloaded");
            }
            told.push(`${host} ${did}`);
          },
        }),
      },
    });
    await proves(alice);
    const all = [alice.did, "did:plc:one", "did:plc:two"].map((host) => `${host} ${alice.did}`);
    // The one that fails holds up nobody else.
    await vi.waitFor(
      () => expect(new Set(told)).toEqual(new Set(all.filter((one) => !/one/.test(one)))),
      5_000,
    );
    clockAt(Date.now() + HOUR);
    await runDurableObjectAlarm(alice.account);
    expect(new Set(told)).toEqual(new Set(all));
  });
});

describe("what is stored about mail", () => {
  it("is nothing for somebody who was only asked about", async () => {
    await alice.account.mailRecipient();
    await alice.account.mailStanding();
    await alice.account.addressRefused(address);
    await alice.account.unsubscribe("a".repeat(43));
    await alice.account.refuseLink("a".repeat(43));
    await alice.account.confirmLink("a".repeat(43));
    await alice.account.forgetAddress();
    await alice.account.setMailedReminders(true);
    expect(await tablesOf(alice)).toEqual([]);
  });

  it("is nothing any more once all links have expired", async () => {
    await asks(alice);
    await arrived(1);
    await settled(alice);
    clockAt(Date.now() + 7 * DAY + HOUR);
    expect(await runDurableObjectAlarm(alice.account)).toBe(true);
    expect(await tablesOf(alice)).toEqual([]);
    expect(await asks(alice)).toBe("asked");
  });

  it("stays while there is an address in use", async () => {
    await proves(alice);
    await settled(alice);
    clockAt(Date.now() + 400 * DAY);
    await runDurableObjectAlarm(alice.account);
    expect(await alice.account.mailRecipient()).toMatchObject({ address });
  });

  it("does not keep a sign-in that nobody finishes for longer", async () => {
    await asks(alice);
    await arrived(1);
    await settled(alice);
    await alice.begins();
    const [alarm, begun] = [await alarmOf(alice), Date.now()];
    expect((alarm ?? Infinity) - begun).toBeLessThanOrEqual(15 * 60_000);
  });

  it("is sealed anew for the operator, and good without the old key then", async () => {
    await proves(alice);
    const other = `x@${crypto.randomUUID()}.example`;
    await asks(alice, other);
    const [mail] = await arrived(1, other);
    const unsubscribeUrl = (await alice.account.mailRecipient())?.unsubscribeUrl;
    await haveKeys("both", alice.account);
    expect(await alice.account.resealSecrets()).toMatchObject({
      did: alice.did,
      resealed: 3,
      current: 0,
      lost: 0,
    });
    expect(await keysInUse(alice.account)).toEqual(["next"]);
    await haveKeys("next", alice.account);
    expect(await alice.account.mailRecipient()).toMatchObject({ address, unsubscribeUrl });
    expect(await alice.account.confirmLink(secretIn(mail).secret)).toMatchObject({ address: other });
  });
});

function tablesOf(person: Person): Promise<string[]> {
  return runInDurableObject(person.account, (_instance, { storage: { sql } }) =>
    sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'")
      .toArray()
      .map(({ name }) => name),
  );
}

function alarmOf(person: Person): Promise<number | null> {
  return runInDurableObject(person.account, (_instance, { storage }) => storage.getAlarm());
}

/** How many links were counted in D1 since this test began: addresses are there by their hash, which is another one for each test. */
async function linksCounted(): Promise<number> {
  const keys = [...new Set(provider.tries.map(({ key }) => key))];
  const rows = await env.DB.prepare(
    "SELECT id FROM address_links WHERE address_hash IN (SELECT address_hash FROM address_links WHERE id IN (SELECT value FROM json_each(?)))",
  )
    .bind(JSON.stringify(keys))
    .all();
  return rows.results.length;
}

async function everythingInD1(): Promise<string> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
  ).all<{ name: string }>();
  const tables = await Promise.all(
    results.map(async ({ name }) => (await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results),
  );
  return JSON.stringify(tables);
}

async function bookingInD1(host: string, booker: string, inMs: number): Promise<void> {
  const start = Date.now() + inMs;
  await env.DB.prepare(
    `INSERT INTO bookings (id, sequence, host_did, host_handle, booker_did, booker_handle, availability_id, meeting_type_id,
       meeting_type_title, start_time, end_time, buffer_before_minutes, buffer_after_minutes, time_zone, status, created_at, updated_at)
     VALUES (?, 0, ?, 'h.test', ?, 'b.test', 'a', 'm', 'Intro', ?, ?, 0, 0, 'UTC', 'confirmed', 0, 0)`,
  )
    .bind(crypto.randomUUID(), host, booker, start, start + HOUR)
    .run();
}
