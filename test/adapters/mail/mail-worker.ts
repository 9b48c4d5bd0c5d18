/** The mailer inside workerd, behind HTTP. */

import { mailerOf } from "../../../adapters/mail/mailer-of.ts";
import type { MailQuestion, MailTold } from "./mail-question.ts";

interface Bindings {
  readonly EMAIL: SendEmail;
}

export default {
  fetch: async (request, { EMAIL }) => Response.json(await tell(await request.json<MailQuestion>(), EMAIL)),
} satisfies ExportedHandler<Bindings>;

async function tell(
  { settings, message, now, ...limits }: MailQuestion,
  EMAIL: SendEmail,
): Promise<MailTold> {
  try {
    const mailer = mailerOf({ ...settings, EMAIL }, limits);
    return mailer === undefined ? { error: "no mail" } : await mailer.send(message, now);
  } catch (error) {
    return { error: String(error) };
  }
}
