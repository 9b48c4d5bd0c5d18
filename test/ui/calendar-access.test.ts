import { describe, expect, it } from "vitest";
import { accessFrom, EMPTY_ACCESS, firstWrong, refusedAccess } from "../../ui/calendar-access.ts";

const TYPED = { url: " dav.example.org ", username: " alice ", password: " pass word " };

describe("what opens a calendar", () => {
  it("is a link for a published one, without the blanks around it", () => {
    expect(accessFrom("feed", { ...EMPTY_ACCESS, url: " webcal://example.org/a.ics\n" })).toEqual({
      ok: true,
      value: { kind: "feed", url: "webcal://example.org/a.ics" },
    });
  });

  it("is a server, a name and a password for CalDAV, and the password stays as it was typed", () => {
    expect(accessFrom("caldav", TYPED)).toEqual({
      ok: true,
      value: { kind: "caldav", url: "dav.example.org", username: "alice", password: " pass word " },
    });
  });

  it.each(["url", "username", "password"] as const)(
    "says at %s that it is missing, and looks there",
    (field) => {
      const access = accessFrom("caldav", { ...TYPED, [field]: "" });
      const errors = access.ok ? {} : access.errors;
      expect(Object.keys(errors)).toEqual([field]);
      expect(firstWrong(errors)).toBe(field);
    },
  );

  it("asks a published one for nothing but its link", () => {
    expect(accessFrom("feed", EMPTY_ACCESS)).toEqual({
      ok: false,
      errors: { url: "Paste the link to the .ics file." },
    });
  });
});

describe("what the worker says against it", () => {
  it("stands at the link, and for an account below all of its fields", () => {
    expect(refusedAccess("feed", "No.")).toEqual({ url: "No." });
    expect(refusedAccess("caldav", "No.")).toEqual({ whole: "No." });
    expect(firstWrong({ whole: "No." })).toBe("url");
  });
});
