/** The mail sink as a mail program and a browser see it. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { PortInUse } from "../../dev/loopback.ts";
import { startMailSink } from "../../dev/mail-sink.ts";
import type { MailSink } from "../../dev/mail-sink.ts";

const RAW = [
  "From: Cal <cal@cal.example>",
  "Subject: <b>Hi</b> & bye",
  "Content-Type: text/plain; charset=UTF-8",
  "",
  'See https://cal.example/b?a=1&b=2 or <script>alert("x")</script>',
  "",
].join("\r\n");

const INVITATION = [
  "Subject: Intro call",
  "MIME-Version: 1.0",
  'Content-Type: multipart/alternative; boundary="x"',
  "",
  "--x",
  "Content-Type: text/html; charset=UTF-8",
  "",
  "<p>Hi</p><script>alert(1)</script>",
  "--x",
  "Content-Type: text/calendar; charset=UTF-8; method=REQUEST",
  "",
  "BEGIN:VCALENDAR",
  "SUMMARY:<b>Intro</b>",
  "END:VCALENDAR",
  "--x--",
  "",
].join("\r\n");

describe("the mail sink", () => {
  let folder: string;
  let sink: MailSink;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "mail-sink-test-"));
    sink = await startMailSink({ folder });
  });
  afterEach(async () => {
    await sink.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("keeps each message as it came, also as a file", async () => {
    expect(await deliver(sink, "bob@x.example", RAW)).toBe("250");
    expect(sink.messages()).toMatchObject([{ from: "cal@cal.example", to: ["bob@x.example"] }]);
    expect(sink.messages()[0]?.raw.toString()).toBe(RAW);
    expect(readFileSync(join(folder, "0001.eml"), "utf8")).toBe(RAW);
  });

  it("goes on counting where an earlier run ended", async () => {
    await deliver(sink, "bob@x.example", RAW);
    await sink.stop();
    sink = await startMailSink({ folder });
    await deliver(sink, "eve@x.example", RAW);
    expect(readdirSync(folder).toSorted()).toEqual(["0001.eml", "0002.eml"]);
    expect(sink.messages()).toHaveLength(1);
  });

  it("fails as often as it is told, and keeps nothing of that", async () => {
    sink.fail(2, 451);
    sink.fail(1, 550, "recipient");
    expect(await deliver(sink, "bob@x.example", RAW)).toBe("451");
    expect(await deliver(sink, "bob@x.example", RAW)).toBe("451");
    expect(await deliver(sink, "bob@x.example", RAW)).toBe("550");
    expect(sink.messages()).toEqual([]);
    expect(await deliver(sink, "bob@x.example", RAW)).toBe("250");
    sink.clear();
    expect(sink.messages()).toEqual([]);
  });

  it("shows a list, each message, and the file it is; and runs nothing that is in them", async () => {
    expect(await (await fetch(sink.webUrl)).text()).toContain("Nothing was sent yet.");
    await deliver(sink, "bob@x.example", RAW);
    const list = await fetch(sink.webUrl);
    const text = await list.text();
    expect(text).toContain("bob@x.example");
    expect(text).toContain('<a href="/1">&lt;b&gt;Hi&lt;/b&gt; &amp; bye</a>');
    expect(list.headers.get("content-security-policy")).toContain("default-src 'none'");
    const message = await (await fetch(new URL("/1", sink.webUrl))).text();
    expect(message).toContain('<a href="https://cal.example/b?a=1&amp;b=2">');
    expect(message).not.toContain("<script>");
    const file = await fetch(new URL("/1.eml", sink.webUrl));
    expect(file.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await file.text()).toBe(RAW);
    expect((await fetch(new URL("/2", sink.webUrl))).status).toBe(404);
  });

  it("shows what a message says in HTML only where it can run nothing and ask for nothing", async () => {
    await deliver(sink, "bob@x.example", INVITATION);
    const message = await (await fetch(new URL("/1", sink.webUrl))).text();
    expect(message).toContain('src="/1.html" sandbox="allow-popups allow-popups-to-escape-sandbox"');
    expect(message).not.toContain("alert(1)");
    const html = await fetch(new URL("/1.html", sink.webUrl));
    expect(await html.text()).toContain("<script>alert(1)</script>");
    const policy = html.headers.get("content-security-policy");
    expect(policy).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';/);
  });

  it("shows the calendar in a message, and its method in the list", async () => {
    await deliver(sink, "bob@x.example", INVITATION);
    expect(await (await fetch(sink.webUrl)).text()).toContain('<span class="badge">REQUEST</span>');
    const message = await (await fetch(new URL("/1", sink.webUrl))).text();
    expect(message).toContain("<summary>text/calendar, REQUEST</summary>");
    expect(message).toContain("SUMMARY:&lt;b&gt;Intro&lt;/b&gt;");
  });

  it("says which port is taken", async () => {
    const port = Number(new URL(sink.url).port);
    await expect(startMailSink({ port })).rejects.toEqual(new PortInUse(port));
  });
});

/** The code that the message was answered with, or what came before it was refused with. */
async function deliver(sink: MailSink, to: string, raw: string): Promise<string> {
  const socket = connect(Number(new URL(sink.url).port), "127.0.0.1");
  const says = ["EHLO me", "MAIL FROM:<cal@cal.example>", `RCPT TO:<${to}>`, "DATA", `${raw}.`];
  let code = "";
  try {
    for await (const chunk of socket) {
      const lines = String(chunk).trim().split("\r\n");
      code = lines.at(-1)?.slice(0, 3) ?? "";
      const next = says.shift();
      if (next === undefined || code >= "400") {
        break;
      }
      socket.write(`${next}\r\n`);
    }
  } finally {
    socket.destroy();
  }
  return code;
}
