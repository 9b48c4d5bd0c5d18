import { describe, expect, test } from "vitest";
import { askedLabel, emailReturnNotice, emailStanding } from "../../ui/email-standing.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const ADDRESS = "alice@mail.example";

test.each([
  ["none where the broker sends no mail", { offered: false, address: ADDRESS }, "not-offered"],
  ["none yet", { offered: true }, "none"],
  ["none yet while a link waits", { offered: true, asked: { address: ADDRESS, at: "" } }, "none"],
  ["in use once it is proved", { offered: true, address: ADDRESS }, "proved"],
  [
    "in use while another one waits",
    { offered: true, address: ADDRESS, asked: { address: "b@mail.example", at: "" } },
    "proved",
  ],
  ["refused once mail to it came back", { offered: true, address: ADDRESS, isRefused: true }, "refused"],
] as const)("an address is %s", (_, email, standing) => {
  expect(emailStanding({ reminders: true, ...email })).toBe(standing);
});

describe("a link that went out", () => {
  const asked = { address: ADDRESS, at: new Date(NOW).toISOString() };

  test("says how long ago that was", () => {
    expect(askedLabel(asked, NOW + 300_000, "UTC")).toBe("5 min ago");
  });
});

describe("who comes back from their PDS", () => {
  test("is told that the address of their account is used", () => {
    expect(emailReturnNotice("?email=taken")).toMatchObject({ tone: "good" });
  });

  test("is told what to do where it gave none", () => {
    expect(emailReturnNotice("?email=none")).toEqual({
      tone: "warn",
      text: expect.stringContaining("Give an address here"),
    });
  });

  test.each(["", "?calendar=connected", "?email=made-up"])(
    "is not told so when they come from elsewhere: %s",
    (search) => {
      expect(emailReturnNotice(search)).toBeUndefined();
    },
  );
});
