/** A message to send, and an invitation for it. */

import { readyMessage } from "../../../adapters/mail/ready-message.ts";
import type { ReadyMessage } from "../../../adapters/mail/ready-message.ts";
import type { MailMessage } from "../../../adapters/mail/mail.ts";

/** Wed, 25 Nov 2026 12:00:00 UTC. */
export const NOW = Date.UTC(2026, 10, 25, 12);

export const ICS = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//atproto Cal//EN",
  "METHOD:REQUEST",
  "BEGIN:VEVENT",
  "UID:b-1@cal.example",
  "SUMMARY:Kaffee mit Zoë ☕",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

export const MESSAGE: MailMessage = {
  key: "inv/b-1/0/abc",
  to: "bob@booker.example",
  from: { name: "atproto Cal", address: "bookings@cal.example" },
  replyTo: { name: "Zoë", address: "zoe@host.example" },
  subject: "Confirmed: Kaffee mit Zoë",
  text: "You are booked.\nSee https://cal.example/bookings/b-1?a=1\n.\n",
  html: '<p>You are <a href="https://cal.example/bookings/b-1">booked</a>, Zoë ☕.</p>\n',
  unsubscribeUrl: "https://cal.example/unsubscribe/t-1",
};

export const INVITATION: MailMessage = { ...MESSAGE, invite: { method: "REQUEST", ics: ICS } };

export function ready(message: MailMessage): ReadyMessage {
  const looked = readyMessage(message);
  if ("problem" in looked) {
    throw new Error(looked.problem);
  }
  return looked;
}
