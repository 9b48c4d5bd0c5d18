import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { createOutsideFetch } from "../../adapters/outside-fetch.ts";
import { startServer } from "./atproto/loopback-server.ts";
import type { LoopbackServer } from "./atproto/loopback-server.ts";
import { RUNTIMES } from "./calendars/runtimes.ts";
import type { Runtime } from "./calendars/runtimes.ts";

type Answer = Parameters<typeof startServer>[0];

const servers: LoopbackServer[] = [];
async function serve(answer: Answer): Promise<LoopbackServer> {
  const server = await startServer(answer);
  servers.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe.each(RUNTIMES)("in %s", (_, start) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await start();
  });
  afterAll(() => runtime.stop());

  it("an answer is its status and its body, whatever the status", async () => {
    const server = await serve((request, response) => {
      response.writeHead(request.url === "/gone" ? 410 : 200).end("hello");
    });
    expect(await runtime.ask({ address: server.url })).toEqual({
      kind: "answer",
      status: 200,
      text: "hello",
    });
    expect(await runtime.ask({ address: `${server.url}/gone` })).toMatchObject({ status: 410 });
  });

  it("gives up on a server that sends no headers, and hangs up on it", async () => {
    let hungUp = false;
    const server = await serve((_request, response) => {
      response.on("close", () => {
        hungUp = true;
      });
    });
    expect(await runtime.ask({ address: server.url, timeoutMs: 200 })).toEqual({
      kind: "failed",
      reason: "timeout",
    });
    await vi.waitFor(() => expect(hungUp).toBe(true));
  });

  it("gives up on a body that drips for ever", async () => {
    const server = await serve((_request, response) => {
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    });
    expect(await runtime.ask({ address: server.url, timeoutMs: 200 })).toEqual({
      kind: "failed",
      reason: "timeout",
    });
  });

  it("has one time limit for all redirects together", async () => {
    const server = await serve((request, response) => {
      const hop = Number(request.url?.slice(1));
      setTimeout(() => response.writeHead(302, { location: `/${hop + 1}` }).end(), 150);
    });
    expect(await runtime.ask({ address: `${server.url}/1`, timeoutMs: 400 })).toEqual({
      kind: "failed",
      reason: "timeout",
    });
  });

  it("hangs up on a body that has no end once it is too large", async () => {
    let hungUp = false;
    const server = await serve((_request, response) => {
      const flood = setInterval(() => response.write("x".repeat(1_000)), 5);
      response.on("close", () => {
        hungUp = true;
        clearInterval(flood);
      });
    });
    expect(await runtime.ask({ address: server.url, maxBytes: 5_000 })).toEqual({
      kind: "failed",
      reason: "too-large",
    });
    await vi.waitFor(() => expect(hungUp).toBe(true));
  });

  it("takes a body of exactly the size limit and not one byte more", async () => {
    const server = await serve((request, response) => {
      response.end("x".repeat(Number(request.url?.slice(1))));
    });
    expect(await runtime.ask({ address: `${server.url}/1000`, maxBytes: 1_000 })).toMatchObject({
      text: "x".repeat(1_000),
    });
    expect(await runtime.ask({ address: `${server.url}/1001`, maxBytes: 1_000 })).toEqual({
      kind: "failed",
      reason: "too-large",
    });
  });

  it("unpacks gzip, and measures what was unpacked", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x".repeat(100_000)));
    });
    expect(await runtime.ask({ address: server.url })).toMatchObject({ text: "x".repeat(100_000) });
    expect(await runtime.ask({ address: server.url, maxBytes: 50_000 })).toEqual({
      kind: "failed",
      reason: "too-large",
    });
  });

  it("calls a server unreachable when nothing listens or the connection breaks", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("x");
      setTimeout(() => response.destroy(), 30);
    });
    expect(await runtime.ask({ address: server.url })).toEqual({ kind: "failed", reason: "unreachable" });
    const silent = await startServer(() => undefined);
    await silent.stop();
    expect(await runtime.ask({ address: silent.url })).toEqual({ kind: "failed", reason: "unreachable" });
  });

  it.each([301, 302, 303, 307, 308])("follows a %d, relative to where it came from", async (status) => {
    const server = await serve((request, response) => {
      if (request.url === "/feeds/old") {
        response.writeHead(status, { location: "new" }).end();
      } else {
        response.end(request.url);
      }
    });
    expect(await runtime.ask({ address: `${server.url}/feeds/old` })).toMatchObject({ text: "/feeds/new" });
  });

  it("follows five redirects and not a sixth", async () => {
    const server = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) {
        response.end("there");
      } else {
        response.writeHead(302, { location: `/${left - 1}` }).end();
      }
    });
    expect(await runtime.ask({ address: `${server.url}/5` })).toMatchObject({ text: "there" });
    expect(await runtime.ask({ address: `${server.url}/6` })).toEqual({
      kind: "failed",
      reason: "too-many-redirects",
    });
    expect(server.asked.slice(6)).toEqual(["/6", "/5", "/4", "/3", "/2", "/1"]);
  });

  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254/",
    "//10.0.0.8/",
    "http://calendar.example.com/plain",
    "https://user:secret@calendar.example.com/",
    "file:///etc/passwd",
    "data:text/calendar,BEGIN:VCALENDAR",
    "http://[::1/",
  ])("does not follow a redirect to %s", async (location) => {
    const server = await serve((_request, response) => {
      response.writeHead(302, { location }).end();
    });
    expect(await runtime.ask({ address: server.url, timeoutMs: 2_000 })).toEqual({
      kind: "failed",
      reason: "refused-address",
    });
  });

  it("answers with a redirect that leads nowhere as it is", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(302).end();
    });
    expect(await runtime.ask({ address: server.url })).toMatchObject({ kind: "answer", status: 302 });
  });

  it("does not contact this machine unless that is allowed", async () => {
    const server = await serve((_request, response) => {
      response.end("secret");
    });
    expect(await runtime.ask({ address: server.url, allowLoopback: false })).toEqual({
      kind: "failed",
      reason: "refused-address",
    });
    expect(server.asked).toEqual([]);
  });

  it("shows credentials to the origin they are for and to no other, not even on the way back", async () => {
    const seen: (readonly [string, string | undefined, string | undefined])[] = [];
    let there = "";
    const home = await serve((request, response) => {
      seen.push([`home${request.url}`, request.headers.authorization, request.headers["if-none-match"]]);
      const location = { "/1": "/2", "/2": `${there}/3` }[request.url ?? ""];
      if (location === undefined) {
        response.end("back");
      } else {
        response.writeHead(307, { location }).end();
      }
    });
    const away = await serve((request, response) => {
      seen.push([`away${request.url}`, request.headers.authorization, request.headers["if-none-match"]]);
      response.writeHead(307, { location: `${home.url}/4` }).end();
    });
    there = away.url;
    const headers = { authorization: "Bearer secret", "if-none-match": '"v1"' };
    expect(await runtime.ask({ address: `${home.url}/1`, headers })).toMatchObject({ text: "back" });
    expect(seen).toEqual([
      ["home/1", "Bearer secret", '"v1"'],
      ["home/2", "Bearer secret", '"v1"'],
      ["away/3", undefined, '"v1"'],
      ["home/4", undefined, '"v1"'],
    ]);
  });

  it.each([301, 302, 307, 308])(
    "a REPORT that meets a %d is asked again there, with its body and its credentials",
    async (status) => {
      const seen: string[] = [];
      const server = await serve((request, response) => {
        let body = "";
        request.on("data", (part: Buffer) => {
          body += part.toString();
        });
        request.on("end", () => {
          seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
          if (request.url === "/old") {
            response.writeHead(status, { location: "/new/" }).end();
          } else {
            response.writeHead(207).end("found");
          }
        });
      });
      const request = { method: "REPORT", headers: { authorization: "Basic secret" }, body: "<what/>" };
      expect(await runtime.ask({ address: `${server.url}/old`, ...request })).toMatchObject({
        status: 207,
        text: "found",
      });
      expect(seen).toEqual(["REPORT /old Basic secret <what/>", "REPORT /new/ Basic secret <what/>"]);
    },
  );

  it("a PUT that is told to see something else does not go there", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(303, { location: "/page" }).end();
    });
    expect(await runtime.ask({ address: `${server.url}/it`, method: "PUT", body: "text" })).toMatchObject({
      status: 303,
    });
    expect(server.asked).toEqual(["/it"]);
  });

  it.each(["PROPFIND", "REPORT", "PUT", "DELETE"])(
    "a %s never goes to another origin, except to one that is trusted, with all it has",
    async (method) => {
      const seen: (string | undefined)[] = [];
      const away = await serve((request, response) => {
        seen.push(request.method, request.headers.authorization);
        response.writeHead(200).end("away");
      });
      const home = await serve((_request, response) => {
        response.writeHead(302, { location: `${away.url}/there` }).end();
      });
      const request = { method, headers: { authorization: "Basic secret" } };
      expect(await runtime.ask({ address: home.url, ...request })).toEqual({
        kind: "failed",
        reason: "refused-address",
      });
      expect(seen).toEqual([]);
      expect(await runtime.ask({ address: home.url, ...request, trusted: away.url })).toMatchObject({
        text: "away",
      });
      expect(seen).toEqual([method, "Basic secret"]);
    },
  );
});

describe("where the internet is played", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it("nobody on the internet may redirect to this machine, though local runs may name it", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: URL) => {
      asked.push(url.href);
      return new Response(null, { status: 302, headers: { location: "http://127.0.0.1:8787/api" } });
    });
    const get = createOutsideFetch({ allowLoopback: true });
    expect(await get("webcal://calendar.example.com/feed")).toEqual({
      kind: "failed",
      reason: "refused-address",
    });
    expect(asked).toEqual(["https://calendar.example.com/feed"]);
  });

  it("the time limit holds on a platform whose fetch forgets its signal", async () => {
    let isLetGo = false;
    const never = new ReadableStream({
      cancel: () => {
        isLetGo = true;
      },
    });
    const get = createOutsideFetch({ allowLoopback: false, timeoutMs: 50 });
    vi.stubGlobal("fetch", async () => new Response(never));
    expect(await get("https://calendar.example.com/")).toEqual({ kind: "failed", reason: "timeout" });
    expect(isLetGo).toBe(true);
    vi.stubGlobal("fetch", () => new Promise(() => undefined));
    expect(await get("https://calendar.example.com/")).toEqual({ kind: "failed", reason: "timeout" });
  });

  it("a limit on several requests together ends the one that runs, and lets none begin after it", async () => {
    const together = new AbortController();
    const get = createOutsideFetch({ allowLoopback: false, deadline: together.signal });
    const asked: URL[] = [];
    vi.stubGlobal("fetch", (url: URL) => {
      asked.push(url);
      return new Promise(() => undefined);
    });
    const running = get("https://calendar.example.com/");
    together.abort();
    expect(await running).toEqual({ kind: "failed", reason: "timeout" });
    expect(await get("https://calendar.example.com/")).toEqual({ kind: "failed", reason: "timeout" });
    expect(asked).toHaveLength(1);
  });

  it("neither the address nor what went wrong gets into the outcome or a log", async () => {
    const consoles = [vi.spyOn(console, "error"), vi.spyOn(console, "warn"), vi.spyOn(console, "log")];
    vi.stubGlobal("fetch", async (url: URL) => {
      throw new TypeError(`could not fetch ${url.href}`);
    });
    const outcome = await createOutsideFetch({ allowLoopback: false })(
      "https://calendar.example.com/private-0123/basic.ics",
    );
    expect(JSON.stringify(outcome)).toBe('{"kind":"failed","reason":"unreachable"}');
    for (const spy of consoles) {
      expect(spy).not.toHaveBeenCalled();
    }
  });
});
