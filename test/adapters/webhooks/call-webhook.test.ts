import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { refusedWebhookUrl } from "../../../adapters/webhooks/call-webhook.ts";
import { newWebhookSecret } from "../../../adapters/webhooks/webhook-signature.ts";
import { startServer } from "../atproto/loopback-server.ts";
import type { LoopbackServer } from "../atproto/loopback-server.ts";
import { runtimesFor } from "../calendars/runtimes.ts";
import type { Runtime } from "../calendars/runtimes.ts";
import { ask } from "./webhook-question.ts";
import type { WebhookQuestion } from "./webhook-question.ts";

interface Call {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const secret = newWebhookSecret();
const MESSAGE = { secret, id: "msg_1", body: '{"type":"ping","data":{"of":"Żółć"}}' };

const servers: LoopbackServer[] = [];
/** A receiver that answers so, once all was said. */
async function receiver(
  answer: (response: ServerResponse, path: string) => void,
): Promise<{ readonly url: string; readonly calls: readonly Call[]; readonly asked: readonly string[] }> {
  const calls: Call[] = [];
  const server = await startServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", headers, url = "" } = request;
      calls.push({ method, headers, body: Buffer.concat(chunks).toString("utf8") });
      answer(response, url);
    });
  });
  servers.push(server);
  return { url: `${server.url}/hooks?token=x`, calls, asked: server.asked };
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe.each(runtimesFor<WebhookQuestion>(ask, "../webhooks/webhook-question.ts"))("in %s", (_, start) => {
  let runtime: Runtime<WebhookQuestion>;
  beforeAll(async () => {
    runtime = await start();
  });
  afterAll(() => runtime.stop());

  const call = (url: string, more: Partial<WebhookQuestion> = {}) =>
    runtime.ask({ ...MESSAGE, url, now: Date.now(), ...more });

  it("a call is a POST of the body, which the library that receivers use takes as ours", async () => {
    const { url, calls } = await receiver((response) => response.writeHead(204).end());
    expect(await call(url)).toEqual({ status: 204 });
    const [{ method, headers, body } = { method: "", headers: {}, body: "" }] = calls;
    expect([method, headers["content-type"], body]).toEqual(["POST", "application/json", MESSAGE.body]);
    expect(headers["webhook-id"]).toBe("msg_1");
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(
      JSON.parse(MESSAGE.body),
    );
    expect(Object.keys(headers)).not.toContain("cookie");
  });

  it.each([200, 204, 299, 304, 400, 410, 429, 500, 503])("%d is told as it is", async (status) => {
    const { url } = await receiver((response) => response.writeHead(status).end());
    expect(await call(url)).toEqual({ status });
  });

  it.each([301, 302, 303, 307, 308])("%d leads nowhere", async (status) => {
    const { url, asked } = await receiver((response) =>
      response.writeHead(status, { location: "/elsewhere" }).end(),
    );
    expect(await call(url)).toEqual({ status });
    expect(asked).toEqual(["/hooks?token=x"]);
  });

  it("what is answered is not read, however much it is and however long it takes", async () => {
    let hungUp = false;
    const { url } = await receiver((response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      const flood = setInterval(() => response.write("x".repeat(10_000)), 5);
      response.on("close", () => {
        clearInterval(flood);
        hungUp = true;
      });
    });
    expect(await call(url)).toEqual({ status: 200 });
    await vi.waitFor(() => expect(hungUp).toBe(true));
  });

  it("who says nothing for fifteen seconds is hung up on", async () => {
    const { url } = await receiver(() => undefined);
    const before = Date.now();
    expect(await call(url, { haste: 30 })).toEqual({ problem: "timeout" });
    const seconds = ((Date.now() - before) * 30) / 1_000;
    expect(seconds).toBeGreaterThan(14);
    expect(seconds).toBeLessThan(45);
  });

  it("who is not there is unreachable, and who hangs up in the middle is as well", async () => {
    const { url } = await receiver((response) => response.destroy());
    expect(await call(url)).toEqual({ problem: "unreachable" });
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    expect(await call(url)).toEqual({ problem: "unreachable" });
  });

  it("an internal address is not called, whatever was stored", async () => {
    const { url, asked } = await receiver((response) => response.writeHead(204).end());
    expect(await call(url, { allowLoopback: false })).toEqual({ problem: "refused-address" });
    expect(await call("https://169.254.169.254/latest/meta-data")).toEqual({ problem: "refused-address" });
    expect(asked).toEqual([]);
  });
});

describe("an address that a host types", () => {
  it.each([
    "https://example.com/hooks",
    "https://hooks.example.com:8443/?token=a%20b#part",
    "  https://example.com  ",
    "https://xn--bcher-kva.example/",
  ])("%s is taken", (url) => {
    expect(refusedWebhookUrl(url, false)).toBeUndefined();
  });

  it.each([
    ["http://example.com/", /https/],
    ["webcal://example.com/", /https/],
    ["ftp://example.com/", /https/],
    ["javascript:alert(1)", /https/],
    ["example.com/hooks", /https/],
    ["", /https/],
    ["https://localhost/", /public internet/],
    ["https://127.0.0.1/", /public internet/],
    ["http://127.0.0.1:8080/", /public internet/],
    ["https://0x7f.1/", /public internet/],
    ["https://2130706433/", /public internet/],
    ["https://10.0.0.1/", /public internet/],
    ["https://172.16.0.1/", /public internet/],
    ["https://192.168.1.1/", /public internet/],
    ["https://100.64.0.1/", /public internet/],
    ["https://169.254.169.254/latest/meta-data", /public internet/],
    ["https://8.8.8.8/", /public internet/],
    ["https://[::1]/", /public internet/],
    ["https://[fd00::1]/", /public internet/],
    ["https://[::ffff:10.0.0.1]/", /public internet/],
    ["https://router/", /public internet/],
    ["https://router.local/", /public internet/],
    ["https://metadata.google.internal/", /public internet/],
    ["https://example.com./", /public internet/],
    ["https://example.com:22/", /port/],
    ["https://ann:pw@example.com/", /password/],
  ])("%s is refused in a sentence that does not repeat it", (url, why) => {
    const sentence = refusedWebhookUrl(url, false) ?? "";
    expect(sentence).toMatch(why);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence).not.toContain("pw");
  });

  it("is refused where it is too long", () => {
    expect(refusedWebhookUrl(`https://example.com/${"x".repeat(2_048)}`, false)).toMatch(/shorter/);
  });

  it("on this machine is taken in local runs only", () => {
    expect(refusedWebhookUrl("http://127.0.0.1:8080/", true)).toBeUndefined();
    expect(refusedWebhookUrl("http://10.0.0.1:8080/", true)).toMatch(/public internet/);
  });
});
