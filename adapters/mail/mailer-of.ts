/** The mailer that this deployment is configured to have. The one place where mail meets the sockets and the e-mail of the platform. */

import { EmailMessage } from "cloudflare:email";
import { connect } from "cloudflare:sockets";
import type { Mailer } from "./mail.ts";
import { mailConfiguration } from "./mail-configuration.ts";
import type { MailSettings } from "./mail-configuration.ts";
import { createMailer } from "./mailer.ts";
import type { MailPlatform } from "./mailer.ts";

const TRANSPORTS = { tls: "on", starttls: "starttls", none: "off" } as const;

const WORKERD: MailPlatform = {
  connect: ({ hostname, port, security }) =>
    connect({ hostname, port }, { secureTransport: TRANSPORTS[security], allowHalfOpen: false }),
  makeRawMessage: (from, to, mime) => new EmailMessage(from, to, mime),
};

/**
 * Undefined where no mail is wanted.
 * @throws an Error that says what is missing or wrong, in a sentence for the operator without a secret in it
 */
export function mailerOf(
  settings: MailSettings,
  limits: Pick<MailPlatform, "timeoutMs"> = {},
): Mailer | undefined {
  const configuration = mailConfiguration(settings);
  return configuration && createMailer(configuration, { ...WORKERD, ...limits });
}
