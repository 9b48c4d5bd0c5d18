/** Which mails a decision, a reminder or a new address owes. Call all of these inside the transaction they belong to. */

import { type Booking, type Decision, roleOf } from "../../scheduling/booking.ts";
import type { AskedAddress, Effect } from "../../scheduling/effect.ts";
import { askAddressEffect, mailEffect } from "../../scheduling/effect.ts";
import type { ReminderLead } from "../../scheduling/reminders.ts";
import { upcomingConfirmed } from "../booking-store.ts";
import type { Desk } from "../desk.ts";
import { oweAndRelay } from "../outbox-store.ts";

const DAY_MS = 24 * 60 * 60_000;

/** So many strangers' addresses are asked on account of one host in a day. */
const MAX_ASKED_A_DAY = 50;

const BOTH = ["host", "booker"] as const;

/** What a decision of `actorDid` (undefined: time) owes by mail. Whether there is anybody to send it to is found out when it is sent. */
export function mailOwed(desk: Desk, { booking, event }: Decision, actorDid: string | undefined): Effect[] {
  if (!desk.sendsMail) {
    return [];
  }
  const by = actorDid === undefined ? undefined : roleOf(booking, actorDid);
  // Who has just asked knows, and has no entry yet that would change.
  const isFirstWord = event === "requested";
  return BOTH.filter((to) => !(isFirstWord && to === by)).map((to) =>
    mailEffect({ booking, news: { kind: event }, to, ...(by !== undefined && { by }) }),
  );
}

/** A reminder to both. */
export function reminderMailOwed(desk: Desk, booking: Booking, lead: ReminderLead): Effect[] {
  return desk.sendsMail
    ? BOTH.map((to) => mailEffect({ booking, news: { kind: "reminder", lead }, to }))
    : [];
}

/** Somebody has an address now: they are invited to what is ahead of them. `now` in epoch ms. */
export function oweInvitations(desk: Desk, did: string, now: number): void {
  const ahead = desk.sendsMail ? upcomingConfirmed(desk.sql, now) : [];
  const owed = ahead.flatMap((booking) => {
    const to = roleOf(booking, did);
    return to === undefined ? [] : mailEffect({ booking, news: { kind: "invitation" }, to });
  });
  oweAndRelay(desk, owed, now);
}

/** A link to the address that came with a request, unless this host's bookers gave too many today. `now` in epoch ms. */
export function oweAddressLink(desk: Desk, bookingUid: string, asked: AskedAddress, now: number): void {
  const { sql } = desk;
  sql.exec("DELETE FROM asked_addresses WHERE asked_at <= CAST(? AS INTEGER)", now - DAY_MS);
  const { count } = sql.exec<{ count: number }>("SELECT count(*) AS count FROM asked_addresses").one();
  if (desk.sendsMail && count < MAX_ASKED_A_DAY) {
    sql.exec("INSERT INTO asked_addresses (asked_at) VALUES (?)", now);
    oweAndRelay(desk, [askAddressEffect(bookingUid, asked)], now);
  }
}
