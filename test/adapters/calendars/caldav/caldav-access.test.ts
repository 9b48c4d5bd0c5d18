import { describe, expect, it } from "vitest";

import {
  basicAuthorization,
  caldavAccess,
  mayCarryCredentials,
  parseAccess,
  writtenAccess,
} from "../../../../adapters/calendars/caldav/caldav-access.ts";

const typed = { url: "https://caldav.example.com/dav", username: "alice", password: "secret" };

function urlOf(url: string, allowLoopback = false): string | undefined {
  const made = caldavAccess({ ...typed, url }, allowLoopback);
  return made.ok ? parseAccess(made.access, allowLoopback)?.url.href : undefined;
}

describe("what a host types", () => {
  it.each([
    ["https://caldav.example.com", "https://caldav.example.com/"],
    ["caldav.example.com", "https://caldav.example.com/"],
    ["  example.com:8443/dav/alice/ ", "https://example.com:8443/dav/alice/"],
    ["HTTPS://Example.com/Dav#x", "https://example.com/Dav"],
    ["http://example.com/", undefined],
    ["https://alice:secret@example.com/", undefined],
    ["alice@example.com", undefined],
    ["https://10.0.0.1/", undefined],
    ["localhost:5232", undefined],
    ["http://127.0.0.1:5232/", undefined],
    ["", undefined],
    ["file:///etc/passwd", undefined],
  ])("the server %j becomes %j", (url, expected) => {
    expect(urlOf(url)).toBe(expected);
  });

  it.each([
    ["localhost:5232", "http://localhost:5232/"],
    ["127.0.0.1:5232/alice/", "http://127.0.0.1:5232/alice/"],
    ["http://127.0.0.1:5232", "http://127.0.0.1:5232/"],
    ["localhost.example.com", "https://localhost.example.com/"],
  ])("in local runs %j becomes %j", (url, expected) => {
    expect(urlOf(url, true)).toBe(expected);
  });

  it.each([
    ["no user name", { username: "  " }],
    ["a user name with a colon", { username: "ali:ce" }],
    ["a user name with a line break", { username: "ali\nce" }],
    ["a long user name", { username: "a".repeat(321) }],
    ["no password", { password: "" }],
    ["a password with a line break", { password: "a\r\nb" }],
    ["a long password", { password: "a".repeat(1_025) }],
  ])("%s is refused with a sentence that repeats nothing", (_, more) => {
    const made = caldavAccess({ ...typed, ...more }, false);
    expect(made).toMatchObject({ ok: false, why: expect.stringMatching(/^[A-Z].*\.$/) });
    expect(JSON.stringify(made)).not.toContain("secret");
  });

  it("a name and a password may have any characters, and are sent in UTF-8", () => {
    const made = caldavAccess(
      { ...typed, username: " jürgen@example.com ", password: " päss: wörd🗓 " },
      false,
    );
    const account = made.ok ? parseAccess(made.access, false) : undefined;
    expect(account && basicAuthorization(account)).toBe(
      `Basic ${Buffer.from("jürgen@example.com: päss: wörd🗓 ").toString("base64")}`,
    );
  });
});

describe("a sealed access", () => {
  it("is the same after it was read and written", () => {
    const made = caldavAccess(typed, false);
    const access = made.ok ? made.access : "";
    const account = parseAccess(access, false);
    expect(account).toMatchObject({ username: "alice", password: "secret", addresses: [] });
    expect(account && writtenAccess(account)).toBe(access);
    const known = account && writtenAccess({ ...account, addresses: ["a@example.com", "x".repeat(321)] });
    expect(known && parseAccess(known, false)?.addresses).toEqual(["a@example.com"]);
  });

  it.each([
    ["no JSON", "{"],
    ["something else", "[]"],
    ["without a password", '{"url":"https://example.com","username":"a"}'],
    ["to an address that may not be contacted", '{"url":"http://127.0.0.1/","username":"a","password":"b"}'],
  ])("that is %s opens nothing", (_, access) => {
    expect(parseAccess(access, false)).toBeUndefined();
  });
});

describe("name and password", () => {
  it.each<readonly [string, string, boolean]>([
    ["https://caldav.icloud.com/", "https://caldav.icloud.com/1/principal/", true],
    ["https://caldav.icloud.com/", "https://p42-caldav.icloud.com:443/1/", true],
    ["https://caldav.icloud.com/", "https://icloud.com/", true],
    ["https://caldav.icloud.com/", "https://icloud.com.evil.example/", false],
    ["https://caldav.icloud.com/", "https://evilicloud.com/", false],
    ["https://caldav.icloud.com/", "http://caldav.icloud.com/", false],
    ["https://example.com/", "https://dav.example.com/", true],
    ["https://example.com/", "https://example.com:8443/", true],
    ["https://example.com/", "https://example.org/", false],
    ["https://example.com/", "https://com/", false],
    ["https://example.co.uk/", "https://other.co.uk/", false],
    ["https://dav.example.co.uk/", "https://p1.example.co.uk/", true],
    ["https://example.com/", "http://127.0.0.1/", false],
    ["http://127.0.0.1:5232/", "http://127.0.0.1:5232/alice/", true],
    ["http://127.0.0.1:5232/", "http://127.0.0.1:5233/", false],
    ["http://127.0.0.1:5232/", "http://localhost:5232/", false],
    ["http://127.0.0.1:5232/", "https://127.0.0.1:5232/", false],
  ])("typed for %s go to %s: %s", (server, address, expected) => {
    expect(mayCarryCredentials({ url: new URL(server) }, new URL(address))).toBe(expected);
  });
});
