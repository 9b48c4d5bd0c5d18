/** A mail server on this machine that keeps what it is given and delivers nothing, with a page to read it on. Listens on 127.0.0.1 only. */

import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo, Server as NetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import type { SMTPServerDataStream } from "smtp-server";
import { PortInUse } from "./loopback.ts";
import { mailPage } from "./mail-page.ts";

export interface MailSinkOptions {
  /** For SMTP. Absent: a free port. */
  readonly port?: number;
  /** For the page. Absent: a free port. */
  readonly webPort?: number;
  /** Where each message is kept as `<number>.eml`; it is made where it is missing. Absent: a temporary folder that `stop` removes. */
  readonly folder?: string;
}

export interface SunkMessage {
  /** The envelope's, which no header has to agree with. */
  readonly from: string;
  readonly to: readonly string[];
  /** As it came, without the dots that SMTP adds. */
  readonly raw: Buffer;
  readonly receivedAt: number;
}

export interface MailSink {
  /** For SMTP_URL. */
  readonly url: string;
  /** Of the page. */
  readonly webUrl: string;
  readonly folder: string;
  /** Oldest first. */
  messages(): readonly SunkMessage[];
  /**
   * From now on says `code` (400 to 599) `times` times, to a recipient or to a whole message, and keeps nothing of that; with `answer`, to a
   * message that it has kept.
   */
  fail(times: number, code: number, at?: FailsAt): void;
  /** Forgets what it has, but not the files. */
  clear(): void;
  stop(): Promise<void>;
}

export type FailsAt = "recipient" | "message" | "answer";

/** @throws PortInUse */
export async function startMailSink(options: MailSinkOptions = {}): Promise<MailSink> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "atproto-cal-mail-"));
  mkdirSync(folder, { recursive: true });
  let messages: SunkMessage[] = [];
  // What an earlier run kept stays.
  let received = readdirSync(folder).length;
  let failures: { readonly code: number; readonly at: FailsAt }[] = [];

  const failureAt = (at: FailsAt): Error | null => {
    const [next] = failures;
    if (next?.at !== at) {
      return null;
    }
    failures = failures.slice(1);
    return Object.assign(new Error("as it was told"), { responseCode: next.code });
  };

  const smtp = new SMTPServer({
    banner: "atproto Cal mail sink",
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: 10 * 1024 * 1024,
    closeTimeout: 500,
    onRcptTo: (_, __, answer) => answer(failureAt("recipient")),
    onData: (stream, session, answer) => {
      wholeOf(stream).then(
        (raw) => {
          const failure = failureAt("message");
          if (failure !== null) {
            answer(failure);
            return;
          }
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom === false ? "" : mailFrom.address;
          const to = rcptTo.map(({ address }) => address);
          received += 1;
          writeFileSync(join(folder, `${String(received).padStart(4, "0")}.eml`), raw, { mode: 0o600 });
          messages = [...messages, { from, to, raw, receivedAt: Date.now() }];
          answer(failureAt("answer"));
        },
        (error: Error) => answer(error),
      );
    },
  });
  // A client that hangs up in the middle is no reason to end.
  smtp.on("error", () => undefined);

  const web = createServer((request, response) => {
    mailPage(messages, request.url ?? "/").then(
      ({ status, type, policy, body }) => {
        response.writeHead(status, {
          "content-type": type,
          "content-security-policy": policy,
          "x-content-type-options": "nosniff",
        });
        response.end(body);
      },
      () => response.writeHead(500).end(),
    );
  });

  const stop = async (): Promise<void> => {
    await Promise.all([
      new Promise<void>((ended) => {
        smtp.close(() => ended());
      }),
      closeWeb(web),
    ]);
    if (options.folder === undefined) {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  try {
    const port = await listening(smtp.listen(options.port ?? 0, "127.0.0.1"), options.port);
    const webPort = await listening(web.listen(options.webPort ?? 0, "127.0.0.1"), options.webPort);
    return {
      url: `smtp://127.0.0.1:${port}`,
      webUrl: `http://127.0.0.1:${webPort}/`,
      folder,
      messages: () => messages,
      fail: (times, code, at = "message") => {
        failures = [...failures, ...Array.from({ length: times }, () => ({ code, at }))];
      },
      clear: () => {
        messages = [];
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function wholeOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = await stream.toArray();
  if (stream.sizeExceeded) {
    throw Object.assign(new Error("too large"), { responseCode: 552 });
  }
  return Buffer.concat(chunks);
}

/** The port it listens on. */
async function listening(server: NetServer, wanted: number | undefined): Promise<number> {
  try {
    await once(server, "listening");
  } catch (error) {
    if (wanted !== undefined && error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new PortInUse(wanted);
    }
    throw error;
  }
  return (server.address() as AddressInfo).port;
}

async function closeWeb(server: Server): Promise<void> {
  if (!server.listening) {
    return;
  }
  const isClosed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await isClosed;
}
