import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import {
  emailField,
  instantField,
  parseInstant,
  requestIdField,
  rkeyField,
  textField,
} from "../../worker/fields.ts";

const accepts = (field: z.ZodMiniType, value: unknown): boolean => z.safeParse(field, value).success;

describe("a text", () => {
  it.each([
    ["two\r\nlines\rand\u2028one", "two\nlines\nand\none"],
    ["tab\tstays", "tab\tstays"],
    ["no\u0000\u0007\u009b controls", "no controls"],
    ["no \u202eright-to-left\u2066 tricks\ufeff", "no right-to-left tricks"],
    ["half a \ud83d pair", "half a \ufffd pair"],
    ["a whole \u{1f469}\u200d\u{1f4bb}", "a whole \u{1f469}\u200d\u{1f4bb}"],
    [" \n\u0000 ", undefined],
    ["", undefined],
  ])("is plain: %j", (text, clean) => {
    expect(z.parse(textField(100), text)).toBe(clean);
  });

  it("is bounded before anything else is done with it", () => {
    expect(accepts(textField(100), " ".repeat(101))).toBe(false);
  });
});

describe("an e-mail address", () => {
  it.each(["ann@example.com", "ann+cal@sub.example.co", "o'neill@example.org", "ann@xn--bcher-kva.example"])(
    "may be %s",
    (text) => {
      expect(accepts(emailField, text)).toBe(true);
    },
  );

  it.each([
    ["ann"],
    ["ann@localhost"],
    ["用户@example.com"],
    ["a b@example.com"],
    ["a@b@example.com"],
    ["a@example.com\r\nBcc: eve@example.com"],
    ["a,eve@example.com"],
    ["<a@example.com>"],
    ["\u202ea@example.com"],
    ["\ud800@example.com"],
    ["a\u200b@example.com"],
    [`${"a".repeat(65)}@example.com`],
    [`a@${"b".repeat(250)}.com`],
    [["a@example.com"]],
    [null],
  ])("is never %j", (value) => {
    expect(accepts(emailField, value)).toBe(false);
  });
});

describe("an instant", () => {
  it.each([
    ["2026-12-01T09:00:00Z", 1_796_115_600_000],
    ["2026-12-01T10:00:00.000+01:00", 1_796_115_600_000],
    ["0000-01-01T00:00:00+23:59", -62_167_305_540_000],
    ["9999-12-31T23:59:59-23:59", 253_402_387_139_000],
  ])("may be %s", (text, at) => {
    expect(parseInstant(text)).toBe(at);
  });

  it.each([
    ["2026-12-01"],
    ["2026-12-01T09:00:00"],
    ["2026-12-01 09:00:00Z"],
    ["2026-02-30T09:00:00Z"],
    ["2026-12-01T24:00:01Z"],
    ["2016-12-31T23:59:60Z"],
    ["2026-12-01T09:00:00+24:00"],
    ["+275760-09-13T00:00:00Z"],
    ["-000001-01-01T00:00:00Z"],
    ["٢٠٢٦-12-01T09:00:00Z"],
    [1_796_115_600_000],
  ])("is never %j", (value) => {
    expect(accepts(instantField, value)).toBe(false);
  });
});

describe("a record key", () => {
  it.each(["3kabc", "self", "a.b:c~d_e-f", "..."])("may be %s", (text) => {
    expect(accepts(rkeyField, text)).toBe(true);
  });

  it.each(["", ".", "..", "a/b", "a b", "\u0000", "é", "x".repeat(513)])("is never %j", (text) => {
    expect(accepts(rkeyField, text)).toBe(false);
  });
});

it.each(["short", "", "x".repeat(129), "with space", "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000"])(
  "a requestId is never %j",
  (text) => {
    expect(accepts(requestIdField, text)).toBe(false);
  },
);
