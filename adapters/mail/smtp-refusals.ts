/** What it means when an SMTP server says no, by when it says so. No I/O. */

import { failed } from "./mail.ts";
import type { MailFailure, MailProblem } from "./mail.ts";
import type { SmtpReply } from "./smtp-line.ts";

/** Where the dialogue is: the reply is to this. */
export type SmtpStage =
  | "greeting"
  | "hello"
  | "starttls"
  | "sign-in"
  | "sender"
  | "recipient"
  | "data"
  | "message";

/** For a reply that is not the one hoped for; one that makes no sense there is a fault of the server. */
export function refusalOf(stage: SmtpStage, reply: SmtpReply): MailFailure {
  return failed(problemOf(stage, reply));
}

function problemOf(stage: SmtpStage, { code, enhanced, lines }: SmtpReply): MailProblem {
  if (code < 500) {
    // X.7.X is policy (RFC 3463 3.8), which passing is most often: too much from you.
    return enhanced.startsWith("4.7.") && stage !== "sign-in" ? "rate-limited" : "server-error";
  }
  // "Authentication required", whatever was asked (RFC 4954 6).
  if (code === 530) {
    return "misconfigured";
  }
  switch (stage) {
    case "greeting":
    case "hello":
    case "starttls":
    case "sign-in":
      return "misconfigured";
    case "sender":
      // Too large (RFC 1870 6.1) is about the message; the rest is about whom we say we are.
      return code === 552 ? "message-refused" : "misconfigured";
    case "recipient":
      // RFC 5321 4.5.3.1.10: some servers say 552 where they mean 452.
      if (code === 552) {
        return "server-error";
      }
      return lines.some((line) => /\brelay/i.test(line)) ? "misconfigured" : "address-refused";
    case "data":
      return "message-refused";
    case "message":
      // Some look at the recipient only now: X.1.X is its address, X.2.1 its mailbox (RFC 3463 3.2 and 3.3).
      return /^5\.(?:1\.[1-36]|2\.1)$/.test(enhanced) ? "address-refused" : "message-refused";
  }
}
