/** How this deployment sends mail, read from its configuration once. No I/O. */

import { isMailAddress } from "../ics/mail-address.ts";
import { isLoopbackUrl } from "../public-address.ts";
import type { EmailBinding } from "./cloudflare.ts";
import type { MailAddress } from "./mail.ts";
import type { ResendAccount } from "./resend.ts";
import type { SendGridAccount } from "./sendgrid.ts";
import type { SmtpServer } from "./smtp.ts";
import { parseSmtpUrl } from "./smtp-url.ts";

export interface MailSettings {
  /** Empty: no mail. "smtp", "resend", "sendgrid" or "cloudflare". */
  readonly MAIL_PROVIDER: string;
  /** Whom mail is from: "atproto Cal <bookings@cal.example>". */
  readonly MAIL_FROM: string;
  /** "true" lets mail go to a server on loopback without TLS: local runs only. */
  readonly ALLOW_LOOPBACK: string;
  /** See `parseSmtpUrl`; a secret. */
  readonly SMTP_URL?: string;
  readonly RESEND_API_KEY?: string;
  readonly SENDGRID_API_KEY?: string;
  /** Empty: Resend's own address. */
  readonly RESEND_URL?: string;
  /** Empty: SendGrid's own address; https://api.eu.sendgrid.com for an account in the EU. */
  readonly SENDGRID_URL?: string;
  /** A `send_email` binding. */
  readonly EMAIL?: EmailBinding;
}

export type MailConfiguration = { readonly from: MailAddress } & (
  | { readonly provider: "smtp"; readonly server: SmtpServer }
  | { readonly provider: "resend"; readonly account: ResendAccount }
  | { readonly provider: "sendgrid"; readonly account: SendGridAccount }
  | { readonly provider: "cloudflare"; readonly binding: EmailBinding }
);

/**
 * Undefined where no mail is wanted.
 * @throws an Error that says what is missing or wrong, in a sentence for the operator without a secret in it
 */
export function mailConfiguration(settings: MailSettings): MailConfiguration | undefined {
  const { MAIL_PROVIDER: provider, ALLOW_LOOPBACK, EMAIL } = settings;
  const allowLoopback = ALLOW_LOOPBACK === "true";
  switch (provider) {
    case "":
      return undefined;
    case "smtp": {
      const parsed = parseSmtpUrl(secret(settings, "SMTP_URL"), allowLoopback);
      if (!parsed.ok) {
        throw new Error(`SMTP_URL ${parsed.why}.`);
      }
      return { provider, from: sender(settings), server: parsed.server };
    }
    case "resend": {
      const url = api("RESEND_URL", settings.RESEND_URL, "https://api.resend.com", allowLoopback);
      return {
        provider,
        from: sender(settings),
        account: { url, apiKey: secret(settings, "RESEND_API_KEY") },
      };
    }
    case "sendgrid": {
      const url = api("SENDGRID_URL", settings.SENDGRID_URL, "https://api.sendgrid.com", allowLoopback);
      return {
        provider,
        from: sender(settings),
        account: { url, apiKey: secret(settings, "SENDGRID_API_KEY") },
      };
    }
    case "cloudflare":
      if (EMAIL === undefined) {
        throw new Error('MAIL_PROVIDER is "cloudflare", but there is no send_email binding EMAIL.');
      }
      return { provider, from: sender(settings), binding: EMAIL };
    default:
      throw new Error('MAIL_PROVIDER must be empty, "smtp", "resend", "sendgrid" or "cloudflare".');
  }
}

function secret(settings: MailSettings, name: "SMTP_URL" | "RESEND_API_KEY" | "SENDGRID_API_KEY"): string {
  const value = settings[name] ?? "";
  if (value === "") {
    throw new Error(`MAIL_PROVIDER is "${settings.MAIL_PROVIDER}", but the secret ${name} is not set.`);
  }
  // It goes into a header or a URL.
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new Error(`The secret ${name} has characters in it that none has: set it again, without spaces.`);
  }
  return value;
}

function sender({ MAIL_FROM }: MailSettings): MailAddress {
  const [, name = "", address = MAIL_FROM.trim()] =
    /^\s*"?([^"<>]*?)"?\s*<([^<>]*)>\s*$/.exec(MAIL_FROM) ?? [];
  if (!isMailAddress(address)) {
    throw new Error('MAIL_FROM must say whom mail is from, such as "atproto Cal <bookings@cal.example>".');
  }
  return { name: name.trim(), address };
}

/** Without a slash at its end. */
function api(name: string, value: string | undefined, standard: string, allowLoopback: boolean): string {
  const text = value === undefined || value === "" ? standard : value;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !(url.protocol === "https:" || (allowLoopback && isLoopbackUrl(url)))) {
    throw new Error(`${name} must be empty or an https:// address.`);
  }
  return url.href.replace(/\/+$/, "");
}
