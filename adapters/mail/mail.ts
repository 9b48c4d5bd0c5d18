/** The one port through which e-mail leaves: what a message is, and what becomes of sending it. Knows no provider. No I/O. */

export interface MailAddress {
  /** Shown beside the address; may be empty. */
  readonly name: string;
  readonly address: string;
}

export interface MailMessage {
  /**
   * 1 to 256 visible ASCII characters, the same each time this message is tried, and of no other message: its Message-ID, and where a
   * provider knows such keys what keeps a second try from becoming a second mail. The rest has to be the same each time, too.
   */
  readonly key: string;
  /** A bare address (RFC 5321 4.1.2, without quoted strings), ASCII. */
  readonly to: string;
  readonly from: MailAddress;
  readonly replyTo?: MailAddress;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** A calendar object (RFC 5546) that mail programs answer with Yes and No; `method` is its METHOD. */
  readonly invite?: MailInvite;
  /** Where a POST unsubscribes (RFC 8058), https. */
  readonly unsubscribeUrl?: string;
}

export interface MailInvite {
  readonly method: "REQUEST" | "CANCEL";
  readonly ics: string;
}

/**
 * Passing, the same message may be tried again later: `unreachable`, `timeout`, `rate-limited`, `server-error`. After one of them nobody knows
 * whether the message was taken.
 * For good: `address-refused` (this recipient, whatever is sent), `message-refused` (this message).
 * Neither: `misconfigured`. Nothing of anybody goes out until the operator acts, so it waits and is not lost.
 */
export type MailProblem =
  | "unreachable"
  | "timeout"
  | "rate-limited"
  | "server-error"
  | "address-refused"
  | "message-refused"
  | "misconfigured";

export interface MailFailure {
  readonly kind: "failed";
  readonly problem: MailProblem;
  /** It asks not to be asked again before so long. */
  readonly retryAfterMs?: number;
}

/** A failure; `retryAfterMs` where somebody said how long to wait. */
export function failed(problem: MailProblem, retryAfterMs?: number): MailFailure {
  return { kind: "failed", problem, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** `sent`: taken over by the provider, which is not yet delivered. */
export type MailAnswer = { readonly kind: "sent"; readonly providerId?: string } | MailFailure;

export interface Mailer {
  /** The sender as configured (MAIL_FROM), for messages to come from. A provider may refuse every other address. */
  readonly from: MailAddress;
  /** Tries once, within a minute. `now` in epoch ms. Never throws, never logs. */
  send(message: MailMessage, now: number): Promise<MailAnswer>;
}
