import { expect, test } from "vitest";
import { isStanding, sideOf } from "../../ui/booking-standing.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");

test.each([
  ["pending", "2026-11-25T12:00:01Z", true],
  ["confirmed", "2026-11-25T12:00:01Z", true],
  ["confirmed", "2026-11-25T12:00:00Z", false],
  ["declined", "2026-11-26T12:00:00Z", false],
  ["cancelled", "2026-11-26T12:00:00Z", false],
  ["expired", "2026-11-26T12:00:00Z", false],
] as const)("a %s booking that ends at %s still stands: %j", (status, end, expected) => {
  expect(isStanding({ status, end }, NOW)).toBe(expected);
});

test("whoever is not the host of a booking is its booker", () => {
  const host = { did: "did:plc:alice", handle: "alice.test" };
  expect(sideOf({ host }, "did:plc:alice")).toBe("host");
  expect(sideOf({ host }, "did:plc:bob")).toBe("booker");
});
