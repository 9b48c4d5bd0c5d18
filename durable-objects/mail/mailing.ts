/** Mail, as the outbox sees it: each of the two is asked for their address at the last moment, and one mail is tried until it is taken. */

import { inTime, NoAnswerInTime } from "../../adapters/d1/deadline.ts";
import { readSettings } from "../../adapters/d1/settings-rows.ts";
import type { MailAnswer } from "../../adapters/mail/mail.ts";
import { mailerOf } from "../../adapters/mail/mailer-of.ts";
import { sha256Hex } from "../../adapters/sha-256.ts";
import { type BookingMail, planMail } from "../../scheduling/booking-mail.ts";
import { bouncedEffects, type Effect } from "../../scheduling/effect.ts";
import type { MailRecipient } from "../account/mail-recipient.ts";
import { findBooking } from "../booking-store.ts";
import { ChannelClosed, type Outside, RefusedForGood } from "../outbox.ts";
import { factsOf, isFollowed, keepFacts, oweAndRelay } from "../outbox-store.ts";
import type { Work } from "../work.ts";
import { invitedTo, saveInvited } from "./invited-store.ts";
import { type MailFacts, mailMessage, partstats } from "./mail-message.ts";

type MailWork = Pick<Work, "desk" | "transaction" | "env">;
type MailEffect = Extract<Effect, { kind: "send-mail" }>;

/** Both people's mail of one host's bookings. */
export function mailOutside(work: MailWork): Outside {
  return {
    async deliver(effects) {
      for (const effect of effects) {
        if (effect.kind === "send-mail") {
          await sendMail(work, effect, Date.now());
        } else if (effect.kind === "ask-address") {
          const { did, ...asked } = effect.asked;
          await answered(work.env.ACCOUNT.getByName(did).askForAddress(asked));
        }
      }
    },
    // Whether the provider can be reached is known from what it answers to each.
    isReachable: async () => true,
  };
}

/** @throws NoAnswerInTime for what passes, ChannelClosed, RefusedForGood */
async function sendMail(work: MailWork, effect: MailEffect, now: number): Promise<void> {
  const { desk, env, transaction } = work;
  const { mail } = effect;
  if (isOvertaken(work, effect)) {
    return;
  }
  const recipient = await answered(env.ACCOUNT.getByName(mail.booking[mail.to].did).mailRecipient());
  const facts = recipient === undefined ? undefined : await factsFor(work, effect, recipient, now);
  if (facts === undefined) {
    return; // Nobody to write to, or nothing that is still worth it.
  }
  // Kept before anything leaves: whatever becomes of this try, the next one is the same mail.
  transaction(() => keepFacts(desk.sql, effect.id, facts));
  const answer = await send(env, effect, facts, now);
  if (answer.kind === "sent") {
    transaction(() => noteInvited(work, mail, facts));
  } else if (answer.problem === "address-refused") {
    await suppress(work, mail, facts.address, now);
  } else {
    throw unsent(answer);
  }
}

/** Taken back from where it was parked, after what became of the booking since was told; or its booking is gone. */
function isOvertaken({ desk: { sql } }: MailWork, { id, mail }: MailEffect): boolean {
  const current = findBooking(sql, mail.booking.uid);
  const isOfNow = current?.sequence === mail.booking.sequence;
  const needsNow = mail.news.kind === "reminder" || mail.news.kind === "invitation";
  return current === undefined || (!isOfNow && (needsNow || !isFollowed(sql, id)));
}

/** What the mail is made of: what it was made of before, as long as it is for the same address. Undefined where nothing is to be sent. */
async function factsFor(
  { desk: { sql }, env }: MailWork,
  { id, mail }: MailEffect,
  recipient: MailRecipient,
  now: number,
): Promise<MailFacts | undefined> {
  const { booking, news, to } = mail;
  const { address } = recipient;
  const invited = invitedTo(sql, booking.uid);
  const last = invited.find((one) => one.role === to && one.address === address);
  const plan = planMail(mail, last, now);
  const settings = plan && (await answered(inTime(readSettings(env.DB, booking[to].did))));
  if (plan === undefined || settings === undefined || !isWanted(mail, recipient, settings.reminders)) {
    return undefined;
  }
  // Written by keepFacts of this or an earlier version; fields are only ever added.
  const before = factsOf(sql, id) as MailFacts | undefined;
  if (before?.address === address) {
    return before;
  }
  const ownZone = settings.timeZone ?? recipient.timeZone ?? (to === "host" ? booking.timeZone : undefined);
  return {
    ...plan,
    address,
    timeZone: ownZone ?? booking.timeZone,
    isOwnZone: ownZone !== undefined,
    ...(settings.hourCycle !== undefined && { hourCycle: settings.hourCycle }),
    at: now,
    partstat: partstats(booking, invited),
    ...(news.kind === "reminder" && { unsubscribeUrl: recipient.unsubscribeUrl }),
  };
}

/** Reminders are for those who want them, in general and by mail. */
function isWanted(
  { news }: BookingMail,
  recipient: MailRecipient,
  { dayBefore, hourBefore } = { dayBefore: true, hourBefore: true },
): boolean {
  return news.kind !== "reminder" || (recipient.reminders && (news.lead === "day" ? dayBefore : hourBefore));
}

async function send(env: Env, { id, mail }: MailEffect, facts: MailFacts, now: number): Promise<MailAnswer> {
  const mailer = mailerOf(env);
  if (mailer === undefined) {
    return { kind: "failed", problem: "misconfigured" };
  }
  const { from } = mailer;
  const invitesDomain = env.INVITES_DOMAIN || from.address.slice(from.address.lastIndexOf("@") + 1);
  const context = { publicUrl: env.PUBLIC_URL, from, invitesDomain };
  return mailer.send(await mailMessage(id, mail, facts, context), now);
}

function noteInvited({ desk: { sql } }: MailWork, { booking, to }: BookingMail, facts: MailFacts): void {
  if (facts.invite === undefined) {
    return;
  }
  // Their answer may have come while the mail was on its way.
  const before = invitedTo(sql, booking.uid).find((one) => one.role === to);
  const isSame = before?.address === facts.address && before.sequence === booking.sequence;
  if (!isSame) {
    const { sequence } = booking;
    saveInvited(sql, booking.uid, {
      role: to,
      address: facts.address,
      sequence,
      partstat: facts.partstat[to],
    });
  }
}

/** The address is used no more, and those who should know are told in the app. */
async function suppress(
  { desk, env, transaction }: MailWork,
  { booking, to }: BookingMail,
  address: string,
  now: number,
): Promise<void> {
  const told = bouncedEffects(booking, to, await sha256Hex(`${booking[to].did} ${address}`), now);
  transaction(() => oweAndRelay(desk, told, now));
  // In this order: were it cut off in between, the mail would be refused once more, and nobody is told twice.
  await answered(env.ACCOUNT.getByName(booking[to].did).addressRefused(address));
}

/** What the outbox makes of a mail that was not taken. */
function unsent(answer: Extract<MailAnswer, { kind: "failed" }>): Error {
  switch (answer.problem) {
    case "unreachable":
    case "timeout":
    case "server-error":
      return new NoAnswerInTime();
    case "rate-limited":
    case "misconfigured":
      return new ChannelClosed(`MailNotTaken ${answer.problem}`, answer.retryAfterMs);
    case "address-refused":
    case "message-refused":
      return new RefusedForGood(`MailRefused ${answer.problem}`);
  }
}

/** What one of ours answers: that it fails for now is no mail's fault. @throws NoAnswerInTime */
async function answered<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch {
    throw new NoAnswerInTime();
  }
}
