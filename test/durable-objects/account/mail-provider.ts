/** A provider of mail, answered from memory: it keeps what it takes, by idempotency key, and answers what it is told to. */

import { runInDurableObject } from "cloudflare:test";
import type { Account } from "../../../durable-objects/account/account.ts";
import { parseAddressToken } from "../../../durable-objects/account/address-token.ts";
import type { AccountNetwork } from "./account-network.ts";

export interface TakenMail {
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** As it came, to be compared. */
  readonly body: string;
}

const SETTINGS = {
  MAIL_PROVIDER: "resend",
  MAIL_FROM: "atproto Cal <bookings@cal.example>",
  RESEND_API_KEY: "re_test-key",
};

export class MailProvider {
  /** Every try, also those that failed. */
  readonly tries: TakenMail[] = [];
  /** What it answers to the next tries, before it takes mail again. */
  readonly refusals: (() => Response)[] = [];
  readonly #taken = new Map<string, TakenMail>();

  constructor(network: AccountNetwork) {
    network.answers.set("/emails", (body, headers) => {
      const { to, subject, text } = JSON.parse(body) as { to: [string]; subject: string; text: string };
      const mail = { key: headers.get("idempotency-key") ?? "", to: to[0], subject, text, body };
      this.tries.push(mail);
      const refusal = this.refusals.shift();
      if (refusal !== undefined) return refusal();
      this.#taken.set(mail.key, mail);
      return Response.json({ id: mail.key });
    });
  }

  /** What arrived at an address, or anywhere. */
  mailTo(address?: string): TakenMail[] {
    return [...this.#taken.values()].filter(({ to }) => address === undefined || to === address);
  }

  /** From now on, for as long as it lives, this object sends by this provider; or with other settings. */
  async isUsedBy(account: DurableObjectStub<Account>, settings: Record<string, unknown> = {}): Promise<void> {
    await runInDurableObject(account, (instance) => {
      const before: unknown = Reflect.get(instance, "env");
      Reflect.set(instance, "env", Object.assign({}, before, SETTINGS, settings));
    });
  }
}

/** What the link in a mail says after its `#`. */
export function secretIn(mail: TakenMail | undefined): { did: string; secret: string } {
  const [, token = ""] = /\/email\/confirm#([\w.-]+)/.exec(mail?.text ?? "") ?? [];
  const parsed = parseAddressToken(token);
  if (parsed === undefined) throw new Error("there is no link in this mail");
  return parsed;
}
