/** One message to send, as plain data there and back, so that it can be sent from Node and from inside workerd alike. */

import type { MailAnswer, MailMessage } from "../../../adapters/mail/mail.ts";
import type { MailSettings } from "../../../adapters/mail/mail-configuration.ts";

export interface MailQuestion {
  readonly settings: Omit<MailSettings, "EMAIL">;
  readonly message: MailMessage;
  readonly now: number;
  readonly timeoutMs?: number;
}

/** Its Error, where the configuration is refused. */
export type MailTold = MailAnswer | { readonly error: string };
