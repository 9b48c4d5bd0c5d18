/** A mailer for a configuration: what a message must be is looked at once, then one provider is asked. Knows no platform. */

import { sendByCloudflare } from "./cloudflare.ts";
import type { MakeRawMessage } from "./cloudflare.ts";
import type { MailAnswer, Mailer } from "./mail.ts";
import type { MailConfiguration } from "./mail-configuration.ts";
import { readyMessage } from "./ready-message.ts";
import type { ReadyMessage } from "./ready-message.ts";
import { sendByResend } from "./resend.ts";
import { sendBySendGrid } from "./sendgrid.ts";
import { sendBySmtp } from "./smtp.ts";
import type { Connect } from "./smtp.ts";

/** What a mailer needs beside `fetch`. */
export interface MailPlatform {
  readonly connect: Connect;
  readonly makeRawMessage: MakeRawMessage;
  /** For one try; each provider has its own. */
  readonly timeoutMs?: number;
}

/** Does nothing until it is asked to send. */
export function createMailer(configuration: MailConfiguration, platform: MailPlatform): Mailer {
  return {
    from: configuration.from,
    send: async (message, now) => {
      const ready = readyMessage(message);
      return "problem" in ready ? ready : await sendBy(configuration, platform, ready, now);
    },
  };
}

function sendBy(
  configuration: MailConfiguration,
  { connect, makeRawMessage, ...limits }: MailPlatform,
  message: ReadyMessage,
  now: number,
): Promise<MailAnswer> {
  switch (configuration.provider) {
    case "smtp":
      return sendBySmtp({ ...configuration.server, ...limits }, connect, message, now);
    case "resend":
      return sendByResend({ ...configuration.account, ...limits }, message, now);
    case "sendgrid":
      return sendBySendGrid({ ...configuration.account, ...limits }, message, now);
    case "cloudflare": {
      const { binding } = configuration;
      return sendByCloudflare({ binding, makeRawMessage, ...limits }, message, now);
    }
  }
}
