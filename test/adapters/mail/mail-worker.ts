/** The mailer as it is inside workerd. */

import { mailerOf } from "../../../adapters/mail/mailer-of.ts";
import type { MailQuestion, MailTold } from "./mail-question.ts";

export async function tell(
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
