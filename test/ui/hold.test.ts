import { describe, expect, test } from "vitest";
import { HOLD_MS, holdToAsk, isDraftHold, isLastMinute, runsOutAt, timeLeft } from "../../ui/hold.ts";

const NOW = Date.UTC(2026, 10, 22, 12);

function at(ms: number): string {
  return new Date(ms).toISOString();
}

describe("a hold runs out", () => {
  test("when the worker says so, where both clocks agree", () => {
    expect(runsOutAt(at(NOW + HOLD_MS + 800), NOW)).toBe(NOW + HOLD_MS + 800);
  });

  test.each([
    ["ahead", -20 * 60_000],
    ["behind", 20 * 60_000],
  ])("five minutes after it was asked for, where the reader's clock is %s", (_, difference) => {
    expect(runsOutAt(at(NOW + HOLD_MS + difference), NOW)).toBe(NOW + HOLD_MS);
  });
});

describe("the hold to ask for", () => {
  const asked = { did: "did:plc:bob", requestId: "id-1", askedAt: NOW };

  test("is the one whose answer did not come before a reload", () => {
    expect(holdToAsk(asked, "did:plc:bob", "id-2", NOW + 3000)).toBe(asked);
  });

  test.each([
    ["there was none", undefined, "did:plc:bob", NOW],
    ["the one before was somebody else's", asked, "did:plc:carol", NOW],
    ["the one before was given", { ...asked, given: { id: "hold-1", runsOutAt: NOW } }, "did:plc:bob", NOW],
    ["the one before would be over by now", asked, "did:plc:bob", NOW + HOLD_MS],
  ])("is a new one where %s", (_, before, did, now) => {
    expect(holdToAsk(before, did, "id-2", now)).toEqual({ did, requestId: "id-2", askedAt: now });
  });
});

test.each([
  [HOLD_MS, "5:00"],
  [271_001, "4:32"],
  [60_000, "1:00"],
  [9_999, "0:10"],
  [1, "0:01"],
  [0, "0:00"],
  [-5000, "0:00"],
])("%i milliseconds are left as %s", (ms, text) => {
  expect(timeLeft(ms)).toBe(text);
});

test("the last minute begins at one minute", () => {
  expect([61_000, 60_001, 60_000, 0].map(isLastMinute)).toEqual([false, false, true, true]);
});

describe("a kept hold", () => {
  const asked = { did: "did:plc:bob", requestId: "id-1", askedAt: NOW };

  test.each([[asked], [{ ...asked, given: { id: "hold-1", runsOutAt: NOW } }]])("is one: %j", (value) => {
    expect(isDraftHold(value)).toBe(true);
  });

  test.each([
    [null],
    ["hold-1"],
    [{}],
    [{ ...asked, did: 1 }],
    [{ ...asked, requestId: undefined }],
    [{ ...asked, askedAt: "now" }],
    [{ ...asked, given: "hold-1" }],
    [{ ...asked, given: { id: "hold-1" } }],
    [{ ...asked, given: { id: 1, runsOutAt: NOW } }],
  ])("of another shape is none: %j", (value) => {
    expect(isDraftHold(value)).toBe(false);
  });
});
