/** What an Account owes because of addresses, brought about by its alarm: links are mailed, refusals noted, authorities told. */

import { addressHasher } from "../../adapters/d1/address-pepper.ts";
import { countLink, refuseLinks } from "../../adapters/d1/address-rows.ts";
import { hostsOfUpcoming } from "../../adapters/d1/booking-rows.ts";
import type { MailAnswer } from "../../adapters/mail/mail.ts";
import { mailerOf } from "../../adapters/mail/mailer-of.ts";
import { DAY } from "../../scheduling/time-zone.ts";
import { type AccountMail, boundTo, type LinkMail } from "./account-mail.ts";
import { dueMail, forget, type OwedMail, postpone } from "./mail-outbox-store.ts";

const BATCH = 10;

const HOUR_MS = 60 * 60_000;

/** A provider keeps the keys that tell a second try from a second mail for a day. */
const PATIENCE_MS = DAY;

/** Brings about what is due at `now` (epoch ms). Never throws: what fails is tried again later. */
export async function relayMail(mail: AccountMail, env: Env, now: number): Promise<void> {
  for (const owed of dueMail(mail.store.sql, now, BATCH)) {
    try {
      await bringAbout(mail, env, owed, now);
    } catch (error) {
      console.warn("mail of an account waits", owed.kind, error instanceof Error ? error.name : "unknown");
      postpone(mail.store.sql, owed, now + delayMs(owed.attempts));
    }
  }
}

async function bringAbout(mail: AccountMail, env: Env, owed: OwedMail, now: number): Promise<void> {
  switch (owed.kind) {
    case "link":
      return sendLink(mail, env, owed, now);
    case "unwanted": {
      const address = await mail.sealer.open(owed.sealed, boundTo(mail));
      if (address !== undefined) {
        const hash = await addressHasher(env.DB, mail.sealer);
        await refuseLinks(env.DB, await hash(address), now);
      }
      break;
    }
    case "catch-up":
      for (const host of await hostsOfUpcoming(env.DB, mail.did, now)) {
        await env.HOST_CALENDAR.getByName(host).addressProved(mail.did);
      }
  }
  forget(mail.store.sql, owed);
}

async function sendLink(
  mail: AccountMail,
  env: Env,
  owed: Exclude<OwedMail, { kind: "catch-up" }>,
  now: number,
): Promise<void> {
  const { store, sealer } = mail;
  const text = await sealer.open(owed.sealed, boundTo(mail));
  const mailer = mailerOf(env);
  if (text === undefined || mailer === undefined) {
    giveUp(mail, owed);
    return;
  }
  // Sealed by askForAddress.
  const letter = JSON.parse(text) as LinkMail;
  const hash = await addressHasher(env.DB, sealer);
  const link = { id: owed.id, addressHash: await hash(letter.to) };
  if (!(await countLink(env.DB, link, now))) {
    store.transaction(() => {
      store.setLinkState(owed.id, ["owed"], "withheld");
      forget(store.sql, owed);
    });
    return;
  }
  const answer = await mailer.send({ ...letter, key: owed.id, from: mailer.from }, now);
  store.transaction(() => settle(mail, owed, answer, now));
}

function settle(mail: AccountMail, owed: OwedMail, answer: MailAnswer, now: number): void {
  const { store } = mail;
  if (answer.kind === "sent") {
    store.setLinkState(owed.id, ["owed"], "sent");
    forget(store.sql, owed);
    return;
  }
  const { problem, retryAfterMs = 0 } = answer;
  const isFinal = problem === "address-refused" || problem === "message-refused";
  const isSpent = problem !== "misconfigured" && now - owed.owedAt >= PATIENCE_MS;
  if (isFinal || isSpent) {
    console.warn("a link to an address was given up", problem);
    giveUp(mail, owed);
  } else {
    postpone(store.sql, owed, now + Math.max(delayMs(owed.attempts), retryAfterMs));
  }
}

/** As if it had not been asked for: it can be asked for again. */
function giveUp({ store }: AccountMail, owed: OwedMail): void {
  store.deleteLink(owed.id);
  forget(store.sql, owed);
}

/** Five seconds, doubling up to an hour, with up to a quarter of jitter. */
function delayMs(attempts: number): number {
  return Math.round(Math.min(5_000 * 2 ** attempts, HOUR_MS) * (1 + Math.random() / 4));
}
