/** Sending by SMTP (RFC 5321): one connection for one message, behind TLS unless the server is on this machine. */

import { failed } from "./mail.ts";
import type { MailAnswer, MailFailure } from "./mail.ts";
import { base64 } from "./mime-encoding.ts";
import { domainOf, mimeMessage } from "./mime.ts";
import type { ReadyMessage } from "./ready-message.ts";
import { NotSmtp, SmtpLine } from "./smtp-line.ts";
import type { SmtpReply, SmtpSocket } from "./smtp-line.ts";
import { refusalOf } from "./smtp-refusals.ts";
import type { SmtpStage } from "./smtp-refusals.ts";

/** For the whole dialogue. RFC 5321 4.5.3.2 has minutes for each step, but whoever needs them here is down. */
const TIMEOUT_MS = 40_000;

export interface SmtpServer {
  readonly hostname: string;
  readonly port: number;
  /** `tls`: from the first byte (RFC 8314 3.3). `starttls`: before anything is said (RFC 3207). `none`: a server on this machine. */
  readonly security: "tls" | "starttls" | "none";
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly timeoutMs?: number;
}

/** Opens a connection, which may fail at once or when it is used; that of `cloudflare:sockets` in workerd. */
export type Connect = (server: SmtpServer) => SmtpSocket;

/**
 * Tries once. `now` in epoch ms, for its Date. When the line breaks after the message was said, nobody knows whether it was taken; it keeps
 * its Message-ID, by which many mailboxes show it once.
 */
export async function sendBySmtp(
  server: SmtpServer,
  connect: Connect,
  message: ReadyMessage,
  now: number,
): Promise<MailAnswer> {
  const mime = await mimeMessage(message, now);
  const late = Promise.withResolvers<MailFailure>();
  const timer = setTimeout(() => late.resolve(failed("timeout")), server.timeoutMs ?? TIMEOUT_MS);
  let line: SmtpLine | undefined;
  try {
    line = new SmtpLine(connect(server));
    const told = converse(line, server, message, mime).catch((error: unknown) =>
      // What was thrown may name the server, so it is not kept.
      failed(error instanceof NotSmtp ? "server-error" : "unreachable"),
    );
    return await Promise.race([told, late.promise]);
  } catch {
    return failed("unreachable");
  } finally {
    clearTimeout(timer);
    line?.close();
  }
}

async function converse(
  line: SmtpLine,
  server: SmtpServer,
  message: ReadyMessage,
  mime: string,
): Promise<MailAnswer> {
  const ours = `EHLO ${domainOf(message.from.address)}`;
  const greeting = await line.reply();
  if (greeting.code !== 220) {
    return refusalOf("greeting", greeting);
  }
  let hello = await line.ask(ours);
  if (hello.code === 250 && server.security === "starttls") {
    // Never without, whoever it was that left it out of the answer.
    if (!hello.lines.some((said) => /^STARTTLS\b/i.test(said))) {
      return failed("misconfigured");
    }
    const ready = await line.ask("STARTTLS");
    if (ready.code !== 220) {
      return refusalOf("starttls", ready);
    }
    line.upgrade();
    // What it said before counts no more (RFC 3207 4.2).
    hello = await line.ask(ours);
  }
  if (hello.code !== 250) {
    return refusalOf("hello", hello);
  }
  return (await signIn(line, server, hello)) ?? (await deliver(line, message, mime));
}

/** RFC 4954, with what the server can do; undefined when it went well or nobody has to. */
async function signIn(
  line: SmtpLine,
  server: SmtpServer,
  hello: SmtpReply,
): Promise<MailFailure | undefined> {
  if (server.credentials === undefined) {
    return undefined;
  }
  const { username, password } = server.credentials;
  // Some say `AUTH=`, as a draft had it.
  const offered = hello.lines.flatMap(
    (said) => /^AUTH[ =](.*)$/i.exec(said)?.[1]?.toUpperCase().split(" ") ?? [],
  );
  let answer: SmtpReply;
  if (offered.includes("PLAIN")) {
    answer = await line.ask(`AUTH PLAIN ${base64(`\0${username}\0${password}`)}`);
  } else if (offered.includes("LOGIN")) {
    answer = await line.ask("AUTH LOGIN");
    for (const secret of [username, password]) {
      if (answer.code !== 334) {
        break;
      }
      answer = await line.ask(base64(secret));
    }
  } else {
    return failed("misconfigured");
  }
  return answer.code === 235 ? undefined : refusalOf("sign-in", answer);
}

async function deliver(line: SmtpLine, message: ReadyMessage, mime: string): Promise<MailAnswer> {
  const steps: readonly (readonly [SmtpStage, string, readonly number[]])[] = [
    // Both are addresses without a space or an angle bracket: `readyMessage` has looked.
    ["sender", `MAIL FROM:<${message.from.address}>`, [250]],
    ["recipient", `RCPT TO:<${message.to}>`, [250, 251]],
    ["data", "DATA", [354]],
    ["message", `${dotStuffed(mime)}.`, [250]],
  ];
  for (const [stage, command, hoped] of steps) {
    const reply = await line.ask(command);
    if (!hoped.includes(reply.code)) {
      return refusalOf(stage, reply);
    }
  }
  // For manners: what it answers changes nothing, nor does it if it has gone.
  await line.say("QUIT").catch(() => undefined);
  return { kind: "sent" };
}

/** RFC 5321 4.5.2: a line that is a dot would end the message. `mime` ends with CRLF. */
function dotStuffed(mime: string): string {
  return mime.replaceAll(/^\./gm, "..");
}
