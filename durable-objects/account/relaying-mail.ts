/** What an Account owes because of addresses, brought about by its alarm: links are mailed, refusals noted, authorities told. */

import { addressHasher } from "../../adapters/d1/address-pepper.ts";
import { countLink, refuseLinks } from "../../adapters/d1/address-rows.ts";
import { hostsOfUpcoming } from "../../adapters/d1/booking-rows.ts";
import type { MailAnswer } from "../../adapters/mail/mail.ts";
import { mailerOf } from "../../adapters/mail/mailer-of.ts";
import { MINUTE } from "../../scheduling/time-zone.ts";
import { CHANNELS, MAIL_PATIENCE_MS } from "../channels.ts";
import { type AccountMail, boundTo, type LinkMail } from "./account-mail.ts";
import { dueMail, forget, type OwedMail, postpone } from "./mail-outbox-store.ts";

const BATCH = 10;

/** A booking decided just before the address was proved may be in D1 only after a while: then they are told once more. */
const D1_SETTLES_MS = 10 * MINUTE;

class SealedAway extends Error {
  override readonly name = "SealedAway";
}

/**
 * Brings about what is due. Never throws: what fails is tried again later. `clock` says the time in epoch ms, again and again, since a
 * provider may take a minute for each mail.
 */
export async function relayMail(mail: AccountMail, env: Env, clock: () => number): Promise<void> {
  for (const owed of dueMail(mail.store.sql, clock(), BATCH)) {
    try {
      await bringAbout(mail, env, owed, clock);
    } catch (error) {
      console.warn("mail of an account waits", owed.kind, error instanceof Error ? error.name : "unknown");
      postpone(mail.store.sql, owed, clock() + CHANNELS.mail.delayMs(owed.attempts));
    }
  }
}

async function bringAbout(mail: AccountMail, env: Env, owed: OwedMail, clock: () => number): Promise<void> {
  switch (owed.kind) {
    case "link":
      return sendLink(mail, env, owed, clock);
    case "unwanted": {
      const address = await mail.sealer.open(owed.sealed, boundTo(mail));
      if (address === undefined) {
        throw new SealedAway(); // A key that was taken away too early may come back, and never is never.
      }
      const hash = await addressHasher(env.DB, mail.sealer);
      await refuseLinks(env.DB, await hash(address), clock());
      break;
    }
    case "catch-up":
      return catchUp(mail, env, owed, clock());
  }
  forget(mail.store.sql, owed);
}

/**
 * The hosts of what is ahead are told that there is an address. One that fails holds up no other, and all are told again, which changes
 * nothing for those who know.
 */
async function catchUp(mail: AccountMail, env: Env, owed: OwedMail, now: number): Promise<void> {
  let failed: unknown;
  for (const host of await hostsOfUpcoming(env.DB, mail.did, now)) {
    try {
      await env.HOST_CALENDAR.getByName(host).addressProved(mail.did);
    } catch (error) {
      failed = error ?? "unknown";
    }
  }
  if (failed !== undefined) {
    throw failed;
  }
  const { sql } = mail.store;
  if (now < owed.owedAt + D1_SETTLES_MS) {
    postpone(sql, owed, owed.owedAt + D1_SETTLES_MS);
  } else {
    forget(sql, owed);
  }
}

async function sendLink(
  mail: AccountMail,
  env: Env,
  owed: Exclude<OwedMail, { kind: "catch-up" }>,
  clock: () => number,
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
  const mayGo = await countLink(env.DB, link, clock());
  // It may have expired while it waited, or they removed the address while D1 was asked.
  if (!mayGo || store.links.find(owed.id, clock())?.state !== "owed") {
    store.transaction(() => {
      store.links.setState(owed.id, ["owed"], "withheld");
      forget(store.sql, owed);
    });
    return;
  }
  const answer = await mailer.send({ ...letter, key: owed.id, from: mailer.from }, clock());
  store.transaction(() => settle(mail, owed, answer, clock()));
}

function settle(mail: AccountMail, owed: OwedMail, answer: MailAnswer, now: number): void {
  const { store } = mail;
  if (answer.kind === "sent") {
    store.links.setState(owed.id, ["owed"], "sent");
    forget(store.sql, owed);
    return;
  }
  const { problem, retryAfterMs = 0 } = answer;
  const isFinal = problem === "address-refused" || problem === "message-refused";
  const next = now + Math.max(CHANNELS.mail.delayMs(owed.attempts), retryAfterMs);
  // Nothing has left where it is misconfigured, so no key is in use yet.
  const isSpent = problem !== "misconfigured" && next - owed.owedAt >= MAIL_PATIENCE_MS;
  if (isFinal || isSpent) {
    console.warn("a link to an address was given up", problem);
    giveUp(mail, owed);
  } else {
    postpone(store.sql, owed, next);
  }
}

/** As if it had not been asked for: it can be asked for again. */
function giveUp({ store }: AccountMail, owed: OwedMail): void {
  store.links.delete(owed.id);
  forget(store.sql, owed);
}
