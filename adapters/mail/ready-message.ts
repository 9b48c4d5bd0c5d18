/** A message looked at and cleaned, once for all providers: no text of anybody can become a header, a command or a recipient. No I/O. */

import { isMailAddress } from "../ics/mail-address.ts";
import { cut } from "./cut.ts";
import { failed } from "./mail.ts";
import type { MailAddress, MailFailure, MailInvite, MailMessage } from "./mail.ts";

/** Room for everything a booking can say; Cloudflare takes 998 characters in all. */
const SUBJECT_MAX_LENGTH = 250;
const NAME_MAX_LENGTH = 120;
/** Of text, html and invite together, in UTF-16 units: below what any provider takes once it is encoded. */
const CONTENT_MAX_LENGTH = 500_000;
const UNSUBSCRIBE_URL_MAX_LENGTH = 900;

const KEY = /^[\x21-\x7e]{1,256}$/;

/** Controls, line and paragraph separators, and what turns the direction of the text after it. */
const UNSAFE_IN_HEADER = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** What providers are handed: only `readyMessage` makes one. */
export interface ReadyMessage extends MailMessage {
  readonly isReady: true;
}

/** The message as it may leave: subject and names on one line, of a sensible length, and all the rest what it must be. */
export function readyMessage(message: MailMessage): ReadyMessage | MailFailure {
  if (!isMailAddress(message.to)) {
    return failed("address-refused");
  }
  const { from, replyTo, invite, unsubscribeUrl } = message;
  const subject = headerText(message.subject, SUBJECT_MAX_LENGTH);
  const length = message.text.length + message.html.length + (invite?.ics.length ?? 0);
  const isSound =
    KEY.test(message.key) &&
    isMailAddress(from.address) &&
    (replyTo === undefined || isMailAddress(replyTo.address)) &&
    (invite === undefined || saysItsMethod(invite)) &&
    (unsubscribeUrl === undefined || isWebAddress(unsubscribeUrl)) &&
    // SendGrid takes nothing empty.
    ![subject, message.text, message.html].includes("") &&
    length <= CONTENT_MAX_LENGTH;
  if (!isSound) {
    return failed("message-refused");
  }
  return {
    ...message,
    isReady: true,
    subject,
    from: named(from),
    ...(replyTo !== undefined && { replyTo: named(replyTo) }),
    ...(unsubscribeUrl !== undefined && { unsubscribeUrl: new URL(unsubscribeUrl).href }),
    text: message.text.toWellFormed(),
    html: message.html.toWellFormed(),
  };
}

function headerText(text: string, maxLength: number): string {
  const clean = text.toWellFormed().replaceAll(UNSAFE_IN_HEADER, " ").replaceAll(/\s+/g, " ").trim();
  return cut(clean, maxLength);
}

function named({ name, address }: MailAddress): MailAddress {
  return { name: headerText(name, NAME_MAX_LENGTH), address };
}

/** The `method` parameter has to equal METHOD (RFC 6047 2.4), or mail programs show neither. */
function saysItsMethod({ method, ics }: MailInvite): boolean {
  const said = [...ics.matchAll(/^METHOD:(.*?)\r?$/gm)];
  return said.length === 1 && said[0]?.[1] === method && ics.isWellFormed();
}

function isWebAddress(text: string): boolean {
  const protocol = URL.canParse(text) ? new URL(text).protocol : "";
  return (protocol === "https:" || protocol === "http:") && text.length <= UNSUBSCRIBE_URL_MAX_LENGTH;
}
