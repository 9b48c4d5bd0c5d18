import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { newWebhookSecret, webhookHeaders } from "../../../adapters/webhooks/webhook-signature.ts";

/** Of the specification's own test suites. */
const GOLDEN = {
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  message: { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: '{"test": 2432232314}' },
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};

const now = () => Math.floor(Date.now() / 1_000);

describe("the headers of a webhook", () => {
  it("have the signature that the specification's own example has", async () => {
    expect(await webhookHeaders(GOLDEN.secret, GOLDEN.message)).toEqual({
      "webhook-id": GOLDEN.message.id,
      "webhook-timestamp": "1614265330",
      "webhook-signature": GOLDEN.signature,
    });
  });

  it.each([
    ["plain", { title: "Introduction" }],
    ["of every script, and beyond the first plane", { title: "Żółć ノ \u{1f4c5} \u202e" }],
    ["with half of a character", { title: "\ud83d" }],
    ["empty", {}],
  ])("are taken by the library that receivers use, for a body %s", async (_which, data) => {
    const secret = newWebhookSecret();
    const body = JSON.stringify({ type: "ping", data });
    const headers = await webhookHeaders(secret, { id: "msg_1", timestamp: now(), body });
    expect(new Webhook(secret).verify(body, headers)).toEqual({ type: "ping", data });
  });

  it.each<[string, { body?: string; key?: string; "webhook-id"?: string; "webhook-timestamp"?: string }]>([
    ["another body", { body: "{ }" }],
    ["another id", { "webhook-id": "msg_2" }],
    ["another time", { "webhook-timestamp": String(now() - 1) }],
    ["another key", { key: newWebhookSecret() }],
  ])("are refused by it with %s", async (_which, { body: otherBody, key: otherKey, ...other }) => {
    const secret = newWebhookSecret();
    const headers = await webhookHeaders(secret, { id: "msg_1", timestamp: now(), body: "{}" });
    const receiver = new Webhook(otherKey ?? secret);
    expect(() => receiver.verify(otherBody ?? "{}", { ...headers, ...other })).toThrow(/signature/i);
  });

  it("are refused by it once they are old, so that nobody can send them again", async () => {
    const secret = newWebhookSecret();
    const headers = await webhookHeaders(secret, { id: "msg_1", timestamp: now() - 10 * 60, body: "{}" });
    expect(() => new Webhook(secret).verify("{}", headers)).toThrow(/too old/);
  });
});

it("a secret is 32 bytes, and never the same", () => {
  const secrets = Array.from({ length: 20 }, newWebhookSecret);
  expect(new Set(secrets).size).toBe(20);
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  }
});
