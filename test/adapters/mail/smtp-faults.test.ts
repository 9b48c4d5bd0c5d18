/** SMTP with servers that are broken, hostile, or half dead, from both runtimes. */

import type { Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { MESSAGE, NOW } from "./any-message.ts";
import type { MailTold } from "./mail-question.ts";
import { MAIL_RUNTIMES } from "./mail-runtimes.ts";
import type { MailRuntime } from "./mail-runtimes.ts";
import { startScriptedSmtp } from "./scripted-smtp.ts";
import type { Script, ScriptedSmtp } from "./scripted-smtp.ts";

const SENT = { kind: "sent" };

const FAULTS: readonly (readonly [string, Script, string])[] = [
  ["hangs up at once", { greeting: null }, "unreachable"],
  ["says nothing at all", { greeting: "" }, "timeout"],
  ["begins a greeting, and hangs up", { greeting: says("220-mail", true) }, "unreachable"],
  ["ends a greeting before its last line", { greeting: says("220-mail\r\n", true) }, "unreachable"],
  ["begins a greeting, and says no more", { greeting: "220-mail.exam" }, "timeout"],
  ["never comes to the end of its greeting", { greeting: trickles("220-mail\r\n") }, "timeout"],
  ["is a web server", { greeting: "HTTP/1.1 400 Bad Request\r\n\r\n" }, "server-error"],
  ["says a code that is none", { greeting: "999 what\r\n" }, "server-error"],
  ["says a line without an end", { greeting: "220 ".padEnd(100_000, "x") }, "server-error"],
  ["says lines without an end", { EHLO: "250-x\r\n".repeat(20_000) }, "server-error"],
  ["knows no EHLO", { EHLO: "502 5.5.1 what?\r\n" }, "misconfigured"],
  ["is going down", { EHLO: "421 4.3.2 going down\r\n" }, "server-error"],
  ["hangs up when it hears who we are", { EHLO: null }, "unreachable"],
  ["cannot look up passwords now", { AUTH: "454 4.7.0 later\r\n" }, "server-error"],
  ["wants to know more of us", { AUTH: "334 \r\n" }, "server-error"],
  ["wants a password all the same", { MAIL: "530 5.7.0 Authentication required\r\n" }, "misconfigured"],
  ["finds the message too large", { MAIL: "552 5.3.4 too large\r\n" }, "message-refused"],
  ["wants a password only now", { RCPT: "530 5.7.0 Authentication required\r\n" }, "misconfigured"],
  ["falls silent at the recipient", { RCPT: "" }, "timeout"],
  ["takes the message before it was said", { DATA: "250 OK\r\n" }, "server-error"],
  ["has no valid recipients", { DATA: "554 5.5.1 no valid recipients\r\n" }, "message-refused"],
  ["hangs up after the message", { message: null }, "unreachable"],
  ["says nothing to the message", { message: "" }, "timeout"],
  ["says half an answer to the message", { message: says("25", true) }, "unreachable"],
  ["says a code that SMTP has not", { message: "250x queued\r\n" }, "server-error"],
];

const PECULIARITIES: readonly (readonly [string, Script])[] = [
  ["ends lines with LF only", { greeting: "220 mail\n", EHLO: "250-mail\n250 AUTH PLAIN\n" }],
  ["says codes and nothing else", { greeting: "220\r\n", MAIL: "250\r\n", message: "250\r\n" }],
  [
    "says one byte at a time",
    { EHLO: byBytes("250-mail.example\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN\r\n") },
  ],
  ["writes AUTH as a draft had it", { EHLO: "250-mail\r\n250 AUTH=LOGIN PLAIN\r\n" }],
  ["forwards for somebody", { RCPT: "251 will forward\r\n" }],
  ["says something that is no UTF-8", { MAIL: raw([0x32, 0x35, 0x30, 0x20, 0xff, 0xfe, 0x0d, 0x0a]) }],
  ["hangs up instead of saying goodbye", { QUIT: null }],
];

describe.each(MAIL_RUNTIMES)("in %s, a server that", (_, start) => {
  let runtime: MailRuntime;
  let server: ScriptedSmtp | undefined;

  beforeAll(async () => {
    runtime = await start();
  });
  afterAll(() => runtime.stop());
  afterEach(() => server?.stop());

  const sendTo = async (script: Script, query = "", timeoutMs = 5_000): Promise<MailTold> => {
    server = await startScriptedSmtp(script);
    return await runtime.send({
      settings: {
        MAIL_PROVIDER: "smtp",
        MAIL_FROM: "bookings@cal.example",
        ALLOW_LOOPBACK: "true",
        SMTP_URL: `smtp://user:pass@127.0.0.1:${server.port}${query}`,
      },
      message: MESSAGE,
      now: NOW,
      timeoutMs,
    });
  };

  it.each(FAULTS)("%s", async (_name, script, problem) => {
    const timeoutMs = problem === "timeout" ? 500 : 5_000;
    expect(await sendTo(script, "", timeoutMs)).toEqual({ kind: "failed", problem });
  });

  it.each(PECULIARITIES)("%s gets the message", async (_name, script) => {
    expect(await sendTo(script)).toEqual(SENT);
  });

  it("hears each command as the standard has it", async () => {
    await sendTo({});
    expect(server?.heard.slice(0, 5)).toEqual([
      "EHLO cal.example",
      `AUTH PLAIN ${Buffer.from("\0user\0pass").toString("base64")}`,
      "MAIL FROM:<bookings@cal.example>",
      "RCPT TO:<bob@booker.example>",
      "DATA",
    ]);
  });

  it("says more than it may before TLS is left, with the password unsaid", async () => {
    const told = await sendTo(
      { EHLO: "250-mail\r\n250 STARTTLS\r\n", STARTTLS: "220 go on\r\n250 AUTH PLAIN\r\n" },
      "?starttls",
    );
    expect(told).toEqual({ kind: "failed", problem: "server-error" });
    expect(server?.heard).toEqual(["EHLO cal.example", "STARTTLS"]);
  });

  it("does not offer TLS is not even asked for it", async () => {
    expect(await sendTo({}, "?starttls")).toEqual({ kind: "failed", problem: "misconfigured" });
    expect(server?.heard).toEqual(["EHLO cal.example"]);
  });

  it("will not have LOGIN is not told name and password", async () => {
    const told = await sendTo({ EHLO: "250-mail\r\n250 AUTH LOGIN\r\n", AUTH: "535 5.7.8 no\r\n" });
    expect(told).toEqual({ kind: "failed", problem: "misconfigured" });
    expect(server?.heard).toEqual(["EHLO cal.example", "AUTH LOGIN"]);
  });

  it("cannot begin TLS now is left, with the password unsaid", async () => {
    const told = await sendTo({ EHLO: "250-mail\r\n250 STARTTLS\r\n", STARTTLS: "454 no\r\n" }, "?starttls");
    expect(told).toEqual({ kind: "failed", problem: "server-error" });
    expect(server?.heard).toEqual(["EHLO cal.example", "STARTTLS"]);
  });
});

function says(text: string, thenHangsUp: boolean): (socket: Socket) => void {
  return (socket) => {
    socket.write(text, () => thenHangsUp && socket.end());
  };
}

function raw(bytes: readonly number[]): (socket: Socket) => void {
  return (socket) => {
    socket.write(Uint8Array.from(bytes));
  };
}

function trickles(text: string): (socket: Socket) => void {
  return (socket) => {
    const timer = setInterval(() => socket.write(text), 50);
    socket.once("close", () => clearInterval(timer));
  };
}

function byBytes(text: string): (socket: Socket) => void {
  return (socket) => {
    void (async () => {
      for (const character of text) {
        await new Promise((written) => {
          socket.write(character, written);
        });
        await new Promise(setImmediate);
      }
    })();
  };
}
