import { describe, expect, test } from "vitest";
import { matchPath, ownPath, searchWith, segment } from "../../ui/router.ts";

describe("paths", () => {
  test("give their parameters, decoded", () => {
    expect(matchPath("/book/:actor/:rkey", "/book/did%3Aplc%3Aabc/intro")).toEqual({
      actor: "did:plc:abc",
      rkey: "intro",
    });
    expect(matchPath("/", "/")).toEqual({});
    expect(matchPath("/dashboard", "/dashboard/")).toEqual({});
  });

  test.each(["/book", "/book/a/b/c", "/books/a/b", "/book/%E0%A4%A/b"])(
    "that do not fit do not match: %s",
    (path) => {
      expect(matchPath("/book/:actor/:rkey", path)).toBeUndefined();
    },
  );

  test.each(["did:plc:abc", "a/b?c#d", "50%", "é"])("segments survive the trip: %s", (value) => {
    expect(matchPath("/book/:actor", `/book/${segment(value)}`)).toEqual({ actor: value });
  });
});

test.each([
  ["/dashboard?x=1", "/dashboard?x=1"],
  ["//evil.example", undefined],
  ["/\\evil.example", undefined],
  ["/\tevil", undefined],
  ["https://evil.example", undefined],
  ["javascript:alert(1)", undefined],
  ["", undefined],
  [null, undefined],
])("the way back %j leads to %j", (wanted, expected) => {
  expect(ownPath(wanted)).toBe(expected);
});

test.each<[string, Record<string, string | undefined>, string]>([
  ["", { duration: "60" }, "?duration=60"],
  ["?booked=a%2Fb&duration=30", { duration: "60" }, "?booked=a%2Fb&duration=60"],
  ["?booked=abc&duration=30", { booked: undefined }, "?duration=30"],
  ["?booked=abc", { booked: undefined }, ""],
])("the query %j with %j is %j", (search, changes, expected) => {
  expect(searchWith(search, changes)).toBe(expected);
});
