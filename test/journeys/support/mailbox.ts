/** What came to somebody's address, read with a mail reader that is not ours. */

import { simpleParser } from "mailparser";
import type { MailSink } from "../../../dev/mail-sink.ts";
import { eventually } from "./eventually.ts";
import type { TestAccount } from "./test-account.ts";
import type { TestNetwork } from "./test-network.ts";

export interface ReadMail {
  /** Message-ID. */
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The calendar object among the alternatives, and what its part says of METHOD; the attachment holds the same. */
  readonly invite?: { readonly method: string; readonly ics: string };
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly text: string }[];
  readonly unsubscribe?: string;
}

/** All mail to an address so far, the oldest first. */
export async function mailTo(sink: MailSink, address: string): Promise<ReadMail[]> {
  const messages = sink.messages().filter(({ to }) => to.includes(address));
  return Promise.all(messages.map(({ raw, to }) => read(raw, to[0] ?? "")));
}

/** The same once there are so many; what is there after the wait, otherwise. */
export function mailsTo(sink: MailSink, address: string, count: number, seconds = 20): Promise<ReadMail[]> {
  return eventually(
    () => mailTo(sink, address),
    (mails) => mails.length >= count,
    seconds,
  );
}

/** The link in a mail whose address begins with this. @throws where there is none */
export function linkIn({ text }: Pick<ReadMail, "text">, beginning: string): string {
  const link = text.split(/\s+/).find((word) => word.startsWith(beginning));
  if (link === undefined) throw new Error(`no link to ${beginning} in:\n${text}`);
  return link;
}

async function read(raw: Buffer, to: string): Promise<ReadMail> {
  const mail = await simpleParser(raw);
  const attachments = mail.attachments.map(({ filename, contentType, content }) => ({
    name: filename ?? "",
    type: contentType,
    text: content.toString("utf8"),
  }));
  const calendar = mail.attachments.find(({ contentType }) => contentType === "text/calendar");
  const method = calendar && /method=([A-Z]+)/.exec(String(raw))?.[1];
  const unsubscribe = mail.headers.get("list-unsubscribe") ?? mail.headers.get("list");
  return {
    id: mail.messageId ?? "",
    to,
    from: mail.from?.value[0]?.address ?? "",
    subject: mail.subject ?? "",
    text: mail.text ?? "",
    html: mail.html || "",
    attachments,
    ...(calendar && method !== undefined && { invite: { method, ics: calendar.content.toString("utf8") } }),
    ...(unsubscribe !== undefined && { unsubscribe: JSON.stringify(unsubscribe) }),
  };
}

/** Somebody gives an address and follows the link that comes to it. @throws when either is refused */
export async function provesAddress(
  { url }: Pick<TestNetwork, "url">,
  sink: MailSink,
  who: TestAccount,
  address: string,
): Promise<void> {
  const asked = await who.call("social.schedule.askForEmail", "/api/email", { body: { address } });
  if (asked.status !== 202) throw new Error(`The broker answered ${asked.status}: ${await asked.text()}`);
  const [mail] = await mailsTo(sink, address, 1);
  const token = new URL(linkIn(mail ?? { text: "" }, `${url}/email/confirm#`)).hash.slice(1);
  const answer = await fetch(`${url}/api/email/confirm`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ token }),
  });
  if (!answer.ok) throw new Error(`The broker answered ${answer.status}: ${await answer.text()}`);
}
