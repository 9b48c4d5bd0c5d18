/** A mail provider behind `fetch`, as Resend is one, and people who prove addresses by the links that come to them. */

import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { linkSecret } from "./link-secret.ts";
import { serverOnTheNetwork } from "./host-on-the-network.ts";

export interface PostedMail {
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The calendar object, where there is one. */
  readonly ics: string;
}

export interface MailOnTheNetwork {
  readonly mails: readonly PostedMail[];
  /** What goes to an address, without the link that proved it. */
  to(address: string): PostedMail[];
  /** From now on each mail is answered so, 200 unless it says otherwise. */
  answers(rule: (mail: PostedMail) => { status: number; name: string; message: string } | undefined): void;
  /** From now on this host's authority has this provider. It forgets when it is restarted. */
  givenTo(hostDid: string): Promise<void>;
  /** Somebody gives an address, and follows the link. */
  proves(did: string, address: string, timeZone?: string): Promise<void>;
}

export function mailOnTheNetwork(): MailOnTheNetwork {
  const mails: PostedMail[] = [];
  let rule: Parameters<MailOnTheNetwork["answers"]>[0] = () => undefined;
  const { origin } = serverOnTheNetwork(async (request) => {
    const body = await request.json<{
      to: [string];
      subject: string;
      text: string;
      headers: Record<string, string>;
      attachments?: [{ content: string }];
    }>();
    const [attachment] = body.attachments ?? [];
    const mail = {
      key: request.headers.get("idempotency-key") ?? "",
      to: body.to[0],
      subject: body.subject,
      text: body.text,
      headers: body.headers,
      ics: attachment ? atob(attachment.content) : "",
    };
    mails.push(mail);
    const refusal = rule(mail);
    return refusal === undefined
      ? Response.json({ id: crypto.randomUUID() })
      : Response.json({ statusCode: refusal.status, ...refusal }, { status: refusal.status });
  });
  const settings = {
    MAIL_PROVIDER: "resend",
    MAIL_FROM: "bookings@cal.example",
    RESEND_API_KEY: "re_test",
    RESEND_URL: origin,
  };
  const isLink = ({ text }: PostedMail) => text.includes("/email/confirm#");
  return {
    mails,
    to: (address) => mails.filter((mail) => mail.to === address && !isLink(mail)),
    answers(next) {
      rule = next;
    },
    async givenTo(hostDid) {
      await runInDurableObject(env.HOST_CALENDAR.getByName(hostDid), (instance) => {
        Object.assign(instance, { env: { ...env, ...settings } });
      });
    },
    async proves(did, address, timeZone) {
      const account = env.ACCOUNT.getByName(did);
      await runInDurableObject(account, (instance) => {
        Object.assign(instance, { env: { ...env, ...settings } });
      });
      await account.askForAddress({ address, handle: "somebody.test", ...(timeZone && { timeZone }) });
      await runDurableObjectAlarm(account);
      const link = mails.findLast((mail) => mail.to === address && isLink(mail));
      const given = await account.confirmLink(linkSecret(link?.text ?? ""));
      if (given?.address !== address) throw new Error("the link is good for nothing");
      await runDurableObjectAlarm(account);
    },
  };
}
