import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_REPLY_BYTES, readReply } from "../../../adapters/ics/reply.ts";
import { calendarUid } from "../../../adapters/ics/booking-text.ts";
import { judgeReply } from "../../../scheduling/invitation-reply.ts";
import { BOOKING } from "./booking.ts";
import { hostileText } from "./hostile.ts";

const UID = calendarUid(BOOKING.uid, "https://cal.example");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): ReturnType<typeof readReply> => readReply(bytes(text));

const TRUSTED =
  "Authentication-Results: mx.cloudflare.net; dkim=pass header.d=private.example; dmarc=pass header.from=private.example";

const EVENT = [
  "BEGIN:VEVENT",
  `UID:${UID}`,
  "SEQUENCE:1",
  "DTSTAMP:20261123T081530Z",
  "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@private.example",
  "END:VEVENT",
];

function calendar(event: readonly string[] = EVENT, method = "METHOD:REPLY"): string {
  return ["BEGIN:VCALENDAR", "VERSION:2.0", method, ...event, "END:VCALENDAR", ""].join("\r\n");
}

function mail(body: string, more: { head?: string; from?: string; type?: string } = {}): string {
  const { head = TRUSTED, from = "Bob <bob@private.example>", type = "text/calendar; method=REPLY" } = more;
  return [head, `From: ${from}`, "MIME-Version: 1.0", `Content-Type: ${type}`, "", body]
    .filter((line, at) => line !== "" || at > 0)
    .join("\r\n");
}

function multipart(parts: readonly (readonly [type: string, body: string])[]): string {
  return mail(
    [...parts.flatMap(([type, body]) => ["--edge", `Content-Type: ${type}`, "", body]), "--edge--", ""].join(
      "\r\n",
    ),
    { type: 'multipart/mixed; boundary="edge"' },
  );
}

const ANSWER = {
  uid: UID,
  sequence: 1,
  attendeeAddress: "bob@private.example",
  partstat: "accepted",
  stampedAt: Date.UTC(2026, 10, 23, 8, 15, 30),
};

function changed(from: string, to: string): string[] {
  const event = EVENT.map((line) => line.replace(from, to));
  expect(event).not.toEqual(EVENT);
  return event;
}

describe("an answer that comes by e-mail", () => {
  it.each([
    ["gmail", "accepted", Date.UTC(2026, 10, 23, 8, 15, 30)],
    ["outlook", "declined", Date.UTC(2026, 10, 23, 8, 22)],
    ["apple", "tentative", Date.UTC(2026, 10, 23, 8, 30)],
    ["thunderbird", "accepted", Date.UTC(2026, 10, 23, 8, 45)],
  ] as const)("is read as %s writes it", async (name, partstat, stampedAt) => {
    const raw = readFileSync(join(import.meta.dirname, `replies/${name}.eml`));
    const reply = await readReply(raw);
    expect(reply).toEqual({
      ...ANSWER,
      partstat,
      stampedAt,
      sender: {
        address: "bob@private.example",
        dkim: "pass",
        spf: "pass",
        dmarc: "pass",
        isAuthenticated: true,
      },
    });
    expect(
      judgeReply(reply!, { ...BOOKING, calendarUid: UID }, [
        { address: "alice@host.example" },
        { address: "bob@private.example" },
      ]),
    ).toBe(partstat);
  });

  it.each([
    ["the whole message", mail(calendar())],
    [
      "a file whose type says nothing",
      multipart([
        ["text/plain", "Yes"],
        ['application/octet-stream; name="x.ICS"', calendar()],
      ]),
    ],
    [
      "the same thing twice",
      multipart([
        ["text/calendar", calendar()],
        ["application/ics", calendar()],
      ]),
    ],
    ["folded inside of words", mail(calendar().replace("ATTENDEE;PART", "ATTEN\r\n DEE;PART"))],
    ["folded inside of the method", mail(calendar().replace("METHOD:REPLY", "METHOD:RE\r\n\tPLY"))],
    [
      "in capitals and with a query",
      mail(calendar(changed("mailto:bob@private.example", "MAILTO:BOB%40Private.example?subject=x"))),
    ],
    [
      "from somebody whose name looks like an address",
      mail(calendar(), { from: '"eve@evil.example" <Bob@private.example>' }),
    ],
    [
      "beside a calendar that is no answer",
      multipart([
        ["text/calendar", calendar(EVENT, "METHOD:PUBLISH")],
        ["text/calendar", calendar()],
      ]),
    ],
    [
      "with a time zone",
      mail(
        calendar([
          "BEGIN:VTIMEZONE",
          "TZID:X",
          "BEGIN:STANDARD",
          "DTSTART:16010101T000000",
          "TZOFFSETFROM:+0100",
          "TZOFFSETTO:+0100",
          "END:STANDARD",
          "END:VTIMEZONE",
          ...EVENT,
        ]),
      ),
    ],
  ])("is found: %s", async (_, text) => {
    expect(await read(text)).toMatchObject({ ...ANSWER, sender: { isAuthenticated: true } });
  });

  it("without a SEQUENCE answers the first invitation", async () => {
    const event = EVENT.filter((line) => !line.startsWith("SEQUENCE"));
    expect(await read(mail(calendar(event)))).toMatchObject({ sequence: 0 });
  });

  it.each([
    ["nothing", ""],
    ["no calendar", mail("Yes, I will come", { type: "text/plain" })],
    ["an invitation", mail(calendar(EVENT, "METHOD:REQUEST"))],
    ["another proposal", mail(calendar(EVENT, "METHOD:COUNTER"))],
    ["no method", mail(calendar(EVENT, "X-METHOD:REPLY"))],
    ["two methods", mail(calendar(EVENT, "METHOD:REPLY\r\nMETHOD:REQUEST"))],
    [
      "a method that only the event has",
      mail(calendar(["BEGIN:VEVENT", "METHOD:REPLY", ...EVENT.slice(1)], "X-A:1")),
    ],
    ["two events", mail(calendar([...EVENT, ...EVENT]))],
    ["a task beside it", mail(calendar([...EVENT, "BEGIN:VTODO", "END:VTODO"]))],
    ["two calendars", mail(calendar() + calendar())],
    [
      "parts that disagree",
      multipart([
        ["text/calendar", calendar()],
        ["text/calendar", calendar(changed("ACCEPTED", "DECLINED"))],
      ]),
    ],
    [
      "two attendees",
      mail(
        calendar([...EVENT.slice(0, 5), "ATTENDEE;PARTSTAT=DECLINED:mailto:eve@evil.example", "END:VEVENT"]),
      ),
    ],
    ["nobody", mail(calendar(EVENT.filter((line) => !line.startsWith("ATTENDEE"))))],
    ["no address", mail(calendar(changed("mailto:bob@private.example", "urn:uuid:1")))],
    ["no answer", mail(calendar(changed("ACCEPTED", "NEEDS-ACTION")))],
    ["somebody else sent instead", mail(calendar(changed("ACCEPTED", "DELEGATED")))],
    [
      "one of a series",
      mail(calendar(["BEGIN:VEVENT", "RECURRENCE-ID:20261201T090000Z", ...EVENT.slice(1)])),
    ],
    ["a sequence that is no number", mail(calendar(changed("SEQUENCE:1", "SEQUENCE:-1")))],
    ["a sequence beyond all numbers", mail(calendar(changed("SEQUENCE:1", `SEQUENCE:${"9".repeat(40)}`)))],
    ["no time of its own", mail(calendar(changed("DTSTAMP:20261123T081530Z", "DTSTAMP:20261123T081530")))],
    ["no UID", mail(calendar(EVENT.filter((line) => !line.startsWith("UID"))))],
    ["a UID without end", mail(calendar(changed("UID:", `UID:${"x".repeat(300)}`)))],
    ["no sender", mail(calendar(), { from: "" })],
    ["two senders", mail(calendar(), { from: "bob@private.example, eve@evil.example" })],
    ["two From lines", mail(calendar(), { from: "bob@private.example\r\nFrom: eve@evil.example" })],
    ["a group as its sender", mail(calendar(), { from: "Us: bob@private.example, eve@evil.example;" })],
    ["an address only after decoding", mail(calendar(), { from: "=?utf-8?q?bob=40private=2Eexample?=" })],
    ["an address in pieces", mail(calendar(), { from: "bob (c)@private.example" })],
    ["an address in quotation marks", mail(calendar(), { from: '"bob"@private.example' })],
    ["one address after another", mail(calendar(), { from: "<bob@private.example> <eve@evil.example>" })],
    [
      "more parts than anybody sends",
      multipart(Array.from({ length: 9 }, () => ["text/calendar", calendar()] as const)),
    ],
  ])("is none: %s", async (_, text) => {
    expect(await read(text)).toBeUndefined();
  });

  it("of somebody else, forwarded as a message, is not its sender's", async () => {
    expect(await read(multipart([["message/rfc822", mail(calendar())]]))).toBeUndefined();
  });

  it("is not read where it is too large, or nested without end", async () => {
    expect(await read(mail(`${calendar()}${" ".repeat(MAX_REPLY_BYTES)}`))).toBeUndefined();
    expect(
      await read(mail(calendar(), { head: `${TRUSTED}\r\nX-Long: ${"x".repeat(300_000)}` })),
    ).toBeUndefined();
    let nested = calendar();
    let type = "text/calendar";
    for (let depth = 0; depth < 40; depth += 1) {
      nested = [`--e${depth}`, `Content-Type: ${type}`, "", nested, `--e${depth}--`].join("\r\n");
      type = `multipart/mixed; boundary=e${depth}`;
    }
    expect(await read(mail(nested, { type }))).toBeUndefined();
  });

  it.each([
    ["line ends", mail("\n".repeat(900_000))],
    ["parts", mail("--e\r\n\r\n".repeat(120_000), { type: "multipart/mixed; boundary=e" })],
    ["quotation marks", mail(calendar(), { from: '"\\'.repeat(100_000) })],
    [
      "attendees",
      mail(calendar([...EVENT.slice(0, 5), ..."ATTENDEE:x ".repeat(80_000).split(" "), "END:VEVENT"])),
    ],
    [
      "components",
      mail(calendar([...EVENT.slice(0, 5), ...Array.from({ length: 60_000 }, (_, at) => `BEGIN:X${at}`)])),
    ],
    ["text", mail(calendar([...EVENT.slice(0, 5), `COMMENT:${"x".repeat(200_000)}`, "END:VEVENT"]))],
  ])("is soon done with a message of nothing but %s", async (_, text) => {
    expect(bytes(text).length).toBeLessThan(MAX_REPLY_BYTES);
    const began = performance.now();
    expect(await read(text)).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it("throws on nothing, and takes its time over nothing", { timeout: 30_000 }, async () => {
    const whole = mail(calendar());
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 2_000 }),
          hostileText.map(bytes),
          hostileText.map((text) => bytes(mail(text))),
          hostileText.map((text) => bytes(mail(calendar(), { from: text }))),
          hostileText.map((text) => bytes(mail(calendar(), { head: `Authentication-Results: ${text}` }))),
          hostileText.map((text) => bytes(mail(calendar([...EVENT.slice(0, 3), text, ...EVENT.slice(3)])))),
          fc
            .tuple(fc.nat(whole.length), hostileText, fc.nat(40))
            .map(([at, text, length]) => bytes(whole.slice(0, at) + text + whole.slice(at + length))),
        ),
        async (raw) => {
          const began = performance.now();
          const reply = await readReply(raw);
          expect(performance.now() - began).toBeLessThan(1_000);
          expect(reply === undefined || /^[^\s@]+@[^\s@]+$/.test(reply.sender.address)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
