import { expect, it } from "vitest";
import { addressLetter } from "../../../../adapters/mail/letters/address-letter.ts";

const ASKED = {
  handle: "bob.test",
  link: "https://cal.example/email/confirm#secret",
  publicUrl: "https://cal.example",
};

it("a letter to an unproven address names who gave it, and has one link", () => {
  const { subject, text, html } = addressLetter(ASKED);
  expect(subject).toBe("Is this your address? @bob.test wants booking mail here");
  expect(text).toContain("@bob.test gave this address");
  expect(text).toContain(`\n${ASKED.link}\n`);
  expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([ASKED.link]);
});

it("a letter to an unproven address gives room to no more than a name", () => {
  const handle = `x\r\nBcc: all@evil.example\u202e${"y".repeat(500)}`;
  const { subject, text } = addressLetter({ ...ASKED, handle });
  expect(subject).toMatch(
    /^Is this your address\? @x Bcc: all@evil\.exampley{10,40}… wants booking mail here$/,
  );
  expect(text.match(/^Bcc/m)).toBeNull();
});

it("a letter to an unproven address does not pass off as a handle what is none", () => {
  const { subject, text } = addressLetter({ ...ASKED, handle: "handle.invalid" });
  expect(subject).toBe("Is this your address? Somebody wants booking mail here");
  expect(text).not.toContain("handle.invalid");
});
