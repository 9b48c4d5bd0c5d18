import { afterEach, describe, expect, it } from "vitest";

import { createSafeFetch, FetchFailed, readJsonCapped } from "../../../adapters/atproto/safe-fetch.ts";
import { isLoopbackUrl, isPublicHttpsUrl } from "../../../adapters/public-address.ts";
import { sendJson, startServer } from "./loopback-server.ts";
import type { LoopbackServer } from "./loopback-server.ts";

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const local = createSafeFetch({ allowLoopback: true, timeoutMs: 300, maxBytes: 1_000 });

describe("which addresses are public", () => {
  it.each(["https://pds.example.com/xrpc/x", "https://bsky.social", "https://xn--bcher-kva.example/"])(
    "lets %s through",
    (url) => {
      expect(isPublicHttpsUrl(new URL(url))).toBe(true);
    },
  );

  it.each([
    ["plain http", "http://pds.example.com"],
    ["another port", "https://pds.example.com:8443"],
    ["credentials", "https://user:secret@pds.example.com"],
    ["a user", "https://user@pds.example.com"],
    ["a password", "https://:secret@pds.example.com"],
    ["an IPv4 address", "https://127.0.0.1"],
    ["a private IPv4 address", "https://10.0.0.8"],
    ["the metadata address", "https://169.254.169.254"],
    ["IPv4 as one number", "https://2130706433"],
    ["IPv4 in hexadecimal", "https://0x7f.1"],
    ["IPv4 in octal", "https://0177.0.0.1"],
    ["IPv4 in full-width digits", "https://１２７.０.０.１"],
    ["an IPv6 address", "https://[::1]"],
    ["IPv4 inside IPv6", "https://[::ffff:127.0.0.1]"],
    ["localhost", "https://localhost"],
    ["a name below localhost", "https://pds.localhost"],
    ["a rooted name", "https://localhost."],
    ["a rooted public name", "https://pds.example.com."],
    ["a name without a dot", "https://pds"],
    ["mDNS", "https://printer.local"],
    ["an internal name", "https://db.prod.internal"],
    ["a home name", "https://router.home.arpa"],
    ["a file", "file:///etc/passwd"],
    ["data", "data:application/json,{}"],
  ])("refuses %s", async (_, url) => {
    expect(isPublicHttpsUrl(new URL(url))).toBe(false);
    let wentOut = false;
    const strict = createSafeFetch({
      allowLoopback: false,
      fetch: async () => {
        wentOut = true;
        return new Response("{}");
      },
    });
    await expect(strict(url)).rejects.toThrow(FetchFailed);
    expect(wentOut).toBe(false);
  });

  it("judges a Request by its address", async () => {
    const strict = createSafeFetch({ allowLoopback: false });
    await expect(strict(new Request("https://127.0.0.1/x"))).rejects.toThrow("not a public https address");
  });

  it("takes loopback for loopback and nothing else", () => {
    expect(isLoopbackUrl(new URL("http://localhost:2583"))).toBe(true);
    expect(isLoopbackUrl(new URL("http://127.0.0.1:2583"))).toBe(true);
    expect(isLoopbackUrl(new URL("http://localhost.example.com"))).toBe(false);
    expect(isLoopbackUrl(new URL("http://10.0.0.1"))).toBe(false);
    expect(isLoopbackUrl(new URL("ftp://localhost"))).toBe(false);
  });

  it("contacts loopback only when it was allowed", async () => {
    server = await startServer((_, response) => sendJson(response, { fine: true }));
    const strict = createSafeFetch({ allowLoopback: false });
    await expect(strict(server.url)).rejects.toThrow("not a public https address");
    expect(server.asked).toEqual([]);
    const response = await local(server.url);
    expect(await response.json()).toEqual({ fine: true });
  });
});

describe("what comes back", () => {
  it("keeps status and headers of an answer, also of an error", async () => {
    server = await startServer((_, response) => sendJson(response, { error: "No" }, 400));
    const response = await local(server.url);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ error: "No" });
  });

  it.each([301, 302, 303, 307, 308])("does not follow a %d", async (status) => {
    server = await startServer((request, response) => {
      if (request.url === "/secret") {
        sendJson(response, { secret: true });
      } else {
        response.writeHead(status, { location: "/secret" }).end();
      }
    });
    await expect(local(`${server.url}/start`, { redirect: "follow" })).rejects.toThrow("redirect");
    expect(server.asked).toEqual(["/start"]);
  });

  it("gives up on a server that never answers", async () => {
    server = await startServer(() => undefined);
    await expect(local(server.url)).rejects.toThrow("took too long");
  });

  it("gives up on a body that never ends", async () => {
    server = await startServer((_, response) => {
      response.write("{");
    });
    const response = await local(server.url);
    await expect(response.text()).rejects.toThrow("took too long");
  });

  it("gives up on a body that drips for ever", async () => {
    server = await startServer((_, response) => {
      const drip = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(drip));
    });
    const response = await local(server.url);
    await expect(response.text()).rejects.toThrow("took too long");
  });

  it("stops reading at the size limit", async () => {
    server = await startServer((_, response) => {
      response.end("x".repeat(1_001));
    });
    const response = await local(server.url);
    await expect(response.text()).rejects.toThrow("more than 1000 bytes");
  });

  it("accepts an answer of exactly the size limit", async () => {
    server = await startServer((_, response) => {
      response.end("x".repeat(1_000));
    });
    const response = await local(server.url);
    expect(await response.text()).toHaveLength(1_000);
  });

  it("fails with a plain Error, never a TypeError, when nothing listens", async () => {
    server = await startServer(() => undefined);
    const { url } = server;
    await server.stop();
    const failure = await local(url).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FetchFailed);
    expect(failure).not.toBeInstanceOf(TypeError);
  });

  it("fails with a plain Error when the connection breaks in the middle of a body", async () => {
    server = await startServer((_, response) => {
      response.write("{");
      setTimeout(() => response.destroy(), 30);
    });
    const response = await local(server.url);
    await expect(response.text()).rejects.toThrow("broke off");
  });

  it("passes on the caller's own abort as the caller's reason", async () => {
    server = await startServer(() => undefined);
    const mine = new AbortController();
    const pending = local(server.url, { signal: mine.signal });
    mine.abort(new Error("changed my mind"));
    await expect(pending).rejects.toThrow("changed my mind");
  });

  it("reads JSON within a cap of its own", async () => {
    expect(await readJsonCapped(new Response('{"a":1}'), 7)).toEqual({ a: 1 });
    await expect(readJsonCapped(new Response('{"a":1}'), 6)).rejects.toThrow(FetchFailed);
    await expect(readJsonCapped(new Response("<html>"), 100)).rejects.toThrow("not JSON");
  });
});
