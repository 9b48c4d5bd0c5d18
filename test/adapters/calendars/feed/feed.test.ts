import { gzipSync } from "node:zlib";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { startServer } from "../../atproto/loopback-server.ts";
import type { LoopbackServer } from "../../atproto/loopback-server.ts";
import type { Question, Told } from "../question.ts";
import { RUNTIMES } from "../runtimes.ts";
import type { Runtime } from "../runtimes.ts";

const CALENDAR = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//test//EN",
  "BEGIN:VEVENT",
  "UID:1",
  "DTSTART:20261125T090000Z",
  "DTEND:20261125T100000Z",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

/** Wed, 25 Nov 2026 12:00:00 GMT */
const NOON = Date.UTC(2026, 10, 25, 12);
const HOUR_MS = 3_600_000;

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe.each(RUNTIMES)("in %s", (_, start) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await start();
  });
  afterAll(() => runtime.stop());

  /** Reads a feed whose server answers everything with this. */
  async function reading(
    answer: { status?: number; headers?: OutgoingHttpHeaders; body?: string | Uint8Array },
    question: Omit<Question, "address"> = {},
  ): Promise<{ told: Told; sent: IncomingHttpHeaders }> {
    let sent: IncomingHttpHeaders = {};
    server = await startServer((request, response) => {
      sent = request.headers;
      response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
    });
    const told = await runtime.ask({ address: server.url, seen: {}, now: NOON, ...question });
    await server.stop();
    return { told, sent };
  }

  it("a calendar comes with what identifies its version", async () => {
    const lastModified = "Tue, 24 Nov 2026 08:00:00 GMT";
    const { told, sent } = await reading({
      headers: { etag: 'W/"v1"', "last-modified": lastModified },
      body: CALENDAR,
    });
    expect(told).toEqual({ kind: "calendar", text: CALENDAR, etag: 'W/"v1"', lastModified });
    expect(sent.accept).toMatch(/^text\/calendar,/);
    expect(sent["user-agent"]).toBe("atproto-cal (+https://cal.example)");
    expect(sent).not.toHaveProperty("if-none-match");
    expect(sent).not.toHaveProperty("if-modified-since");
  });

  it("a feed that did not change says so in 304", async () => {
    const seen = { etag: 'W/"v1"', lastModified: "Tue, 24 Nov 2026 08:00:00 GMT" };
    const { told, sent } = await reading({ status: 304 }, { seen });
    expect(told).toEqual({ kind: "unchanged" });
    expect(sent["if-none-match"]).toBe(seen.etag);
    expect(sent["if-modified-since"]).toBe(seen.lastModified);
  });

  it("a 304 that nobody asked for is an error, not an unchanged calendar", async () => {
    const { told } = await reading({ status: 304 });
    expect(told).toEqual({ kind: "failed", reason: "server-error" });
  });

  it("validators that no server would send are not kept", async () => {
    const { told } = await reading({
      headers: { etag: `"${"x".repeat(600)}"`, "last-modified": Buffer.from("é").toString("latin1") },
      body: CALENDAR,
    });
    expect(told).toEqual({ kind: "calendar", text: CALENDAR });
  });

  it("gzip is unpacked", async () => {
    const { told } = await reading({ headers: { "content-encoding": "gzip" }, body: gzipSync(CALENDAR) });
    expect(told).toEqual({ kind: "calendar", text: CALENDAR });
  });

  it.each([
    [404, "not-found"],
    [410, "not-found"],
    [401, "unauthorized"],
    [403, "unauthorized"],
    [400, "server-error"],
    [500, "server-error"],
    [502, "server-error"],
    [503, "server-error"],
    [300, "server-error"],
    [204, "not-a-calendar"],
    [206, "not-a-calendar"],
  ])("a %d means %s, though its body be a calendar", async (status, reason) => {
    const { told } = await reading({ status, body: CALENDAR });
    expect(told).toEqual({ kind: "failed", reason });
  });

  it.each([
    [429, undefined, undefined],
    [429, "soon", undefined],
    [429, "120", 120_000],
    [503, "120", 120_000],
    [503, "Wed, 25 Nov 2026 13:00:00 GMT", HOUR_MS],
    [429, "Wed, 25 Nov 2026 11:00:00 GMT", 0],
    [429, "99999999999", 24 * HOUR_MS],
    [503, "Fri, 31 Dec 9999 23:59:59 GMT", 24 * HOUR_MS],
  ])("a %d with Retry-After %s is to be asked again after %s ms", async (status, header, retryAfterMs) => {
    const { told } = await reading({
      status,
      headers: header === undefined ? {} : { "retry-after": header },
    });
    expect(told).toEqual({
      kind: "failed",
      reason: "rate-limited",
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  });

  it.each([
    ["a page to sign in", "<!doctype html><title>Sign in</title>"],
    ["nothing", ""],
    ["a calendar that breaks off", CALENDAR.slice(0, -20)],
    ["a calendar that breaks off before its last line", CALENDAR.replace("END:VCALENDAR\r\n", "")],
    [
      "a calendar that breaks off after naming its end in a text",
      "BEGIN:VCALENDAR\r\nX-A:END:VCALENDAR\r\n END:VCALENDAR",
    ],
    ["a page that shows a calendar", `<pre>\r\n${CALENDAR}</pre>`],
    ["a page with a calendar at its end", `<pre>\r\n${CALENDAR}`],
    ["a calendar and half of another", CALENDAR + CALENDAR.slice(0, -40)],
    ["something that only begins like one", CALENDAR.replace("BEGIN:VCALENDAR", "BEGIN:VCALENDARS")],
  ])("%s is not a calendar", async (__, body) => {
    const { told } = await reading({ headers: { "content-type": "text/calendar", etag: '"v2"' }, body });
    expect(told).toEqual({ kind: "failed", reason: "not-a-calendar" });
  });

  it.each([
    ["a byte order mark", `\u{feff}${CALENDAR}`],
    ["bare line feeds", CALENDAR.replaceAll("\r\n", "\n")],
    ["blank lines around", `\r\n${CALENDAR}\r\n\r\n`],
    ["no line end at the end", CALENDAR.trimEnd()],
    ["lower case", CALENDAR.toLowerCase()],
    ["another type", CALENDAR],
  ])("a calendar with %s is one", async (__, body) => {
    const { told } = await reading({ headers: { "content-type": "application/octet-stream" }, body });
    expect(told["kind"]).toBe("calendar");
  });

  it.each([
    ["REFRESH-INTERVAL;VALUE=DURATION:PT12H", 12 * 60],
    ["X-PUBLISHED-TTL:PT30M", 30],
    ["X-PUBLISHED-TTL:PT30M\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H", 60],
    ["X-PUBLISHED-TTL:PT30M\r\nREFRESH-INTERVAL;VALUE=DURATION:hourly", 30],
    ["refresh-interval;value=dura\r\n tion:PT1\r\n H30M", 90],
    ["X-PUBLISHED-TTL:PT61S", 2],
    ["X-PUBLISHED-TTL:P1W", 24 * 60],
    [`X-PUBLISHED-TTL:P${"9".repeat(9)}W`, 24 * 60],
    ["X-PUBLISHED-TTL:-PT1H", undefined],
    ["X-PUBLISHED-TTL:PT0S", undefined],
    ["X-PUBLISHED-TTL:P", undefined],
    ["X-PUBLISHED-TTLS:PT1H", undefined],
    ["BEGIN:VEVENT\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nEND:VEVENT", undefined],
  ])("%j asks to be left alone for %s minutes", async (line, minutes) => {
    const body = CALENDAR.replace("VERSION:2.0", `VERSION:2.0\r\n${line}`);
    const { told } = await reading({ body });
    expect(told["kind"]).toBe("calendar");
    expect(told["refreshMinutes"]).toBe(minutes);
  });

  it("a feed that goes in circles is unreachable, and one that leads inside is refused", async () => {
    const circle = await reading({ status: 302, headers: { location: "/" } });
    expect(circle.told).toEqual({ kind: "failed", reason: "unreachable" });
    const inside = await reading({ status: 302, headers: { location: "https://169.254.169.254/" } });
    expect(inside.told).toEqual({ kind: "failed", reason: "refused-address" });
  });

  it("a feed above the limit is too large, and one that takes too long is late", async () => {
    const large = await reading({ body: CALENDAR }, { maxBytes: 100 });
    expect(large.told).toEqual({ kind: "failed", reason: "too-large" });
    server = await startServer(() => undefined);
    expect(await runtime.ask({ address: server.url, seen: {}, timeoutMs: 150 })).toEqual({
      kind: "failed",
      reason: "timeout",
    });
  });
});
