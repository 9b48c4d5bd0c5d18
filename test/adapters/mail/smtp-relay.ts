/** A real SMTP server (npm `smtp-server`) that relays nothing, wants a password, and refuses what a test says. */

import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { SMTPServer } from "smtp-server";
import type { SMTPServerOptions } from "smtp-server";
import { CERTIFICATE, KEY } from "./loopback-tls.ts";

export interface SmtpRelayOptions extends Pick<
  SMTPServerOptions,
  "secure" | "authMethods" | "disabledCommands"
> {
  /** Shows one that `smtp-server` comes with, which nobody vouches for. */
  readonly hasStrangeCertificate?: boolean;
  readonly refusesPassword?: boolean;
  readonly refuses?: {
    readonly at: "connect" | "sender" | "recipient" | "message";
    readonly code: number;
    readonly text?: string;
  };
}

export interface SmtpRelay {
  /** With name and password. */
  readonly url: string;
  readonly messages: readonly Buffer[];
  readonly signedIn: readonly string[];
  stop(): Promise<void>;
}

export async function startSmtp(options: SmtpRelayOptions): Promise<SmtpRelay> {
  const {
    secure = false,
    hasStrangeCertificate = false,
    refusesPassword = false,
    refuses,
    ...rest
  } = options;
  const messages: Buffer[] = [];
  const signedIn: string[] = [];
  const refusalAt = (at: string): Error | null =>
    refuses?.at === at
      ? Object.assign(new Error(refuses.text ?? "no"), { responseCode: refuses.code })
      : null;
  const server = new SMTPServer({
    ...rest,
    secure,
    ...(!hasStrangeCertificate && { cert: CERTIFICATE, key: KEY }),
    disableReverseLookup: true,
    closeTimeout: 100,
    // Some servers do, and it would hide that ours is not said in the clear.
    allowInsecureAuth: true,
    onConnect: (_, answer) => answer(refusalAt("connect")),
    onAuth: ({ username = "", password = "" }, _, answer) => {
      signedIn.push(`${username}:${password}`);
      if (refusesPassword) {
        answer(new Error("Invalid name or password"));
      } else {
        answer(null, { user: username });
      }
    },
    onMailFrom: (_, __, answer) => answer(refusalAt("sender")),
    onRcptTo: (_, __, answer) => answer(refusalAt("recipient")),
    onData: (stream, _, answer) => {
      void stream.toArray().then((chunks: Buffer[]) => {
        const refusal = refusalAt("message");
        if (refusal === null) {
          messages.push(Buffer.concat(chunks));
        }
        answer(refusal);
      });
    },
  });
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  const credentials = `us%20er:${encodeURIComponent("P@ss/wörd")}`;
  return {
    url: secure
      ? `smtps://${credentials}@localhost:${port}`
      : `smtp://${credentials}@localhost:${port}?starttls`,
    messages,
    signedIn,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
      }),
  };
}
