import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { addressHasher, PepperLost, resealPepper } from "../../../adapters/d1/address-pepper.ts";
import { countLink } from "../../../adapters/d1/address-rows.ts";
import {
  type AccountMail,
  askForAddress,
  boundTo,
  confirmLink,
  mailRecipient,
  refuseLink,
  takeConfirmedAddress,
} from "../../../durable-objects/account/account-mail.ts";
import { dueMail } from "../../../durable-objects/account/mail-outbox-store.ts";
import { MailStore } from "../../../durable-objects/account/mail-store.ts";
import { sealerWith } from "../support/sealing-keys.ts";
import { linkSecret } from "../support/link-secret.ts";
import { newDid } from "./account-network.ts";

const NOW = Date.now();
const GIVEN = { address: "ann@example.com", handle: "ann.test" };

/** The mail of an Account nobody has used before; `meanwhile` happens while something is sealed for it, the `at`th time. */
async function withMail(
  at: number,
  meanwhile: (storage: DurableObjectStorage, mail: AccountMail) => Promise<void>,
  work: (mail: AccountMail) => Promise<void>,
): Promise<void> {
  const did = newDid();
  await runInDurableObject(env.ACCOUNT.getByName(did), async (_instance, { storage }) => {
    let sealings = 0;
    const base = { did, store: new MailStore(storage), publicUrl: env.PUBLIC_URL, isOffered: true };
    const calm: AccountMail = { ...base, sealer: sealerWith("old"), wake: () => undefined };
    const sealer = sealerWith("old", async () => {
      sealings += 1;
      if (sealings === at) await meanwhile(storage, calm);
    });
    await work({ ...calm, sealer });
  });
}

describe("while an address is being sealed", () => {
  it.each([1, 2, 3])("the clean-up may take everything away (at sealing %i)", async (at) => {
    await withMail(
      at,
      async (storage) => storage.deleteAll(),
      async (mail) => {
        expect(await askForAddress(mail, GIVEN, NOW)).toBe("asked");
        expect(await askForAddress(mail, GIVEN, NOW)).toBe("known");
      },
    );
  });

  it.each([1, 2, 3])("the same address may be asked for: one link is owed (at sealing %i)", async (at) => {
    await withMail(
      at,
      async (_, mail) => {
        expect(await askForAddress(mail, GIVEN, NOW)).toBe("asked");
      },
      async (mail) => {
        expect(await askForAddress(mail, GIVEN, NOW)).toBe("known");
        expect(mail.store.sql.exec("SELECT * FROM mail_outbox").toArray()).toHaveLength(1);
      },
    );
  });

  it.each([1, 2])("a confirmed one is kept all the same (at sealing %i)", async (at) => {
    await withMail(
      at,
      async (storage) => storage.deleteAll(),
      async (mail) => {
        await takeConfirmedAddress(mail, GIVEN, NOW);
        expect(await mailRecipient(mail)).toMatchObject({ address: GIVEN.address });
        expect(await askForAddress(mail, GIVEN, NOW)).toBe("known");
      },
    );
  });
});

describe("while a link is being answered", () => {
  /** The secret of the one link that is owed. */
  async function secretOwed(mail: AccountMail): Promise<string> {
    const [owed] = dueMail(mail.store.sql, NOW, 1);
    const text = owed?.kind === "link" ? await mail.sealer.open(owed.sealed, boundTo(mail)) : undefined;
    return linkSecret((JSON.parse(text ?? "{}") as { text: string }).text);
  }

  it.each([
    ["yes", "never", confirmLink, refuseLink],
    ["never", "yes", refuseLink, confirmLink],
    ["yes", "yes", confirmLink, confirmLink],
    ["never", "never", refuseLink, refuseLink],
  ] as const)("with %s, %s may come first: that one holds", async (_, first, answer, other) => {
    await withMail(
      -1,
      async () => undefined,
      async (mail) => {
        await askForAddress(mail, GIVEN, NOW);
        const secret = await secretOwed(mail);
        let isOpened = false;
        const slow: AccountMail = {
          ...mail,
          sealer: {
            ...mail.sealer,
            async open(sealed, to) {
              const text = await mail.sealer.open(sealed, to);
              if (!isOpened) {
                isOpened = true;
                expect(await other(mail, secret, NOW)).toBeTruthy();
              }
              return text;
            },
          },
        };
        expect(await answer(slow, secret, NOW)).toBeFalsy();
        expect(isOpened).toBe(true);
        expect(mail.store.address() !== undefined).toBe(first === "yes");
      },
    );
  });
});

describe("an address in D1", () => {
  it("has one hash, whichever sealing key is in use and however many ask at once", async () => {
    const hash = async (keys: "old" | "both" | "next") =>
      (await addressHasher(env.DB, sealerWith(keys)))("Ann@Example.com");
    const first = await Promise.all(Array.from({ length: 5 }, () => hash("old")));
    expect(new Set(first).size).toBe(1);
    expect(first[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(await (await addressHasher(env.DB, sealerWith("old")))("ann@example.com")).toBe(first[0]);
    expect(await hash("both")).toBe(first[0]);
    expect(await hash("next")).toBe(first[0]);
    // It moved to the new key: the old one alone is no use any more, and nobody takes it for a new beginning.
    await expect(hash("old")).rejects.toThrow(PepperLost);
  });

  it("keeps its hash when the operator moves to another sealing key before anybody asks again", async () => {
    await env.DB.prepare("DELETE FROM address_pepper").run();
    await resealPepper(env.DB, sealerWith("both"));
    const before = await (await addressHasher(env.DB, sealerWith("old")))("ann@example.com");
    await resealPepper(env.DB, sealerWith("both"));
    expect(await (await addressHasher(env.DB, sealerWith("next")))("ann@example.com")).toBe(before);
    await expect(resealPepper(env.DB, sealerWith("old"))).rejects.toThrow(PepperLost);
  });

  it("gets three links in seven days however they race, each counted once", async () => {
    const addressHash = crypto.randomUUID();
    const links = Array.from({ length: 12 }, (_, index) => ({ id: `${addressHash}-${index}`, addressHash }));
    const allowed = await Promise.all([...links, ...links].map((link) => countLink(env.DB, link, NOW)));
    const ids = [...links, ...links].filter((_, index) => allowed[index] === true).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toHaveLength(6);
  });

  it("counts exactly the last seven days", async () => {
    const addressHash = crypto.randomUUID();
    const day = 24 * 60 * 60_000;
    const at = async (days: number) =>
      countLink(env.DB, { id: crypto.randomUUID(), addressHash }, NOW + days * day);
    expect([await at(0), await at(3), await at(6)]).toEqual([true, true, true]);
    expect([await at(6.9), await at(7), await at(7.1)]).toEqual([false, true, false]);
    expect([await at(9.9), await at(10)]).toEqual([false, true]);
  });
});
