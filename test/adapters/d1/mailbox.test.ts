import { expect, it } from "vitest";
import { mailboxOf } from "../../../adapters/d1/mailbox.ts";

it.each([
  ["Ann@Example.COM", "ann@example.com"],
  ["ann+cal@example.com", "ann@example.com"],
  ["ann+a+b@example.com", "ann@example.com"],
  ["a.n.n@gmail.com", "ann@gmail.com"],
  ["A.nn+x@GoogleMail.com", "ann@gmail.com"],
  // Elsewhere a dot tells people apart, and one who is called plus has no other name.
  ["a.nn@example.com", "a.nn@example.com"],
  ["+ann@example.com", "+ann@example.com"],
])("%s is read by whoever reads %s", (address, mailbox) => {
  expect(mailboxOf(address)).toBe(mailbox);
});
