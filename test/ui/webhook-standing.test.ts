import { describe, expect, test } from "vitest";
import {
  deliveryName,
  deliverySentence,
  isUnderWay,
  typedWebhookUrl,
  webhookSentence,
} from "../../ui/webhook-standing.ts";
import type { WebhookDeliveryJson, WebhookJson } from "../../worker/messages-wire.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const AT = "2026-11-25T11:55:00Z";

function delivery(given: Partial<WebhookDeliveryJson>): WebhookDeliveryJson {
  return { id: "msg_1", type: "booking.confirmed", attempts: 1, state: "delivered", ...given };
}

function webhook(state: WebhookJson["state"], ...deliveries: Partial<WebhookDeliveryJson>[]): WebhookJson {
  const url = "https://hooks.example/x";
  return { id: "w1", url, createdAt: AT, state, deliveries: deliveries.map(delivery) };
}

test.each([
  ["Delivered: answered 204", { status: 204 }],
  ["Delivered: answered 200 · 3 attempts", { status: 200, attempts: 3 }],
  ["Failed: answered 500 · 8 attempts", { state: "failed", status: 500, attempts: 8 }],
  ["Failed: it could not be reached", { state: "failed", problem: "unreachable" }],
  ["Failed: its address is not on the public internet", { state: "failed", problem: "refused-address" }],
  ["Failed: it did not work", { state: "failed", problem: "something-new" }],
  ["Failed", { state: "failed" }],
  ["On its way", { state: "waiting", attempts: 0 }],
  [
    "Will be tried again: it took too long to answer · 2 attempts",
    { state: "waiting", attempts: 2, problem: "timeout" },
  ],
] as const)("a delivery says “%s”", (sentence, given) => {
  expect(deliverySentence(delivery(given))).toBe(sentence);
});

test("a delivery is called by what it tells of", () => {
  expect(deliveryName({ type: "booking.rescheduled" })).toBe("Moved");
  expect(deliveryName({ type: "ping" })).toBe("Test");
});

describe("a webhook says", () => {
  test.each([
    ["On. Nothing was sent yet.", webhook("on")],
    ["On. Nothing was sent yet.", webhook("on", { state: "waiting", attempts: 0 })],
    ["On. Last delivered 5 min ago.", webhook("on", { state: "waiting", at: AT }, { at: AT })],
    ["On, but the last delivery failed (5 min ago).", webhook("on", { state: "failed", at: AT }, { at: AT })],
    [
      "Off: it failed for days, or said that it is gone. Nothing is sent to it.",
      webhook("off", { state: "failed", at: AT }),
    ],
  ])("“%s”", (sentence, given) => {
    expect(webhookSentence(given, NOW, "UTC")).toBe(sentence);
  });
});

test("a webhook is asked about often only while something is on its way", () => {
  expect(isUnderWay(webhook("on", {}, { state: "waiting", attempts: 0 }))).toBe(true);
  expect(isUnderWay(webhook("off", { state: "waiting", attempts: 0 }))).toBe(false);
  expect(isUnderWay(webhook("on", {}))).toBe(false);
});

test.each([
  ["https://hooks.example/x?y=1", "https://hooks.example/x?y=1"],
  [" hooks.example/x ", "https://hooks.example/x"],
  ["HTTPS://hooks.example", "HTTPS://hooks.example"],
  ["http://hooks.example", undefined],
  ["javascript:alert(1)", undefined],
  ["hooks", undefined],
  ["", undefined],
])("the address %j is taken as %j", (typed, url) => {
  expect(typedWebhookUrl(typed)).toBe(url);
});
