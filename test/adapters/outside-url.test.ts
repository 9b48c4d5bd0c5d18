import { BlockList, isIP } from "node:net";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { OUTSIDE_URL_MAX_LENGTH, parseOutsideUrl } from "../../adapters/outside-url.ts";

const shown = (typed: string, allowLoopback = false): string => {
  const parsed = parseOutsideUrl(typed, allowLoopback);
  return parsed.ok ? parsed.url.href : parsed.problem;
};

describe("what is taken", () => {
  it.each([
    ["https://calendar.example.com/a.ics?key=1", "https://calendar.example.com/a.ics?key=1"],
    ["  HTTPS://Calendar.Example.COM:443/A.ics#today ", "https://calendar.example.com/A.ics"],
    ["webcal://p12-caldav.icloud.com/published/2/x", "https://p12-caldav.icloud.com/published/2/x"],
    ["WebCal://calendar.example.com", "https://calendar.example.com/"],
    ["https://home.example.net:8443/dav", "https://home.example.net:8443/dav"],
    ["https://bücher.example.net/", "https://xn--bcher-kva.example.net/"],
    ["https://calendar.example.com\\@10.0.0.8/", "https://calendar.example.com/@10.0.0.8/"],
  ])("%s is read from %s", (typed, address) => {
    expect(shown(typed)).toBe(address);
  });
});

describe("what is refused", () => {
  it.each([
    ["", "not-an-address"],
    ["calendar.example.com/feed.ics", "not-an-address"],
    ["https://", "not-an-address"],
    ["https://256.256.256.256/", "not-an-address"],
    ["https://%00.example.com/", "not-an-address"],
    ["http://calendar.example.com/", "scheme"],
    ["file:///etc/passwd", "scheme"],
    ["ftp://calendar.example.com/", "scheme"],
    ["javascript:alert(1)", "scheme"],
    ["data:text/calendar,BEGIN:VCALENDAR", "scheme"],
    ["\u0001webcal://127.0.0.1/", "scheme"],
    ["web\ncal://127.0.0.1/", "scheme"],
    ["webcal:webcal://calendar.example.com/", "not-public"],
    ["http://127.0.0.1:8080/", "scheme"],
    ["https://user:secret@calendar.example.com/", "credentials"],
    ["webcal://user@calendar.example.com/", "credentials"],
    ["https://calendar.example.com@10.0.0.8/", "credentials"],
    ["https://calendar.example.com:22/", "port"],
    ["https://calendar.example.com:25/", "port"],
    ["https://calendar.example.com:80/", "port"],
    ["https://localhost/", "not-public"],
    ["https://localhost:8787/", "not-public"],
    ["https://LOCALHOST./", "not-public"],
    ["https://calendar.localhost/", "not-public"],
    ["https://printer.local/", "not-public"],
    ["https://metadata.google.internal/", "not-public"],
    ["https://nas.home.arpa/", "not-public"],
    ["https://intranet/", "not-public"],
    ["https://calendar.example.com./", "not-public"],
    ["https://127.0.0.1/", "not-public"],
    ["webcal://127.0.0.1/", "not-public"],
    ["https://10.0.0.8/", "not-public"],
    ["https://172.16.0.1/", "not-public"],
    ["https://192.168.1.1:8443/", "not-public"],
    ["https://100.64.0.1/", "not-public"],
    ["https://169.254.169.254/latest/meta-data/", "not-public"],
    ["https://224.0.0.1/", "not-public"],
    ["https://0/", "not-public"],
    ["https://2130706433/", "not-public"],
    ["webcal://2130706433/", "not-public"],
    ["https://0x7f000001/", "not-public"],
    ["https://0x7f.1/", "not-public"],
    ["https://0177.0.0.1/", "not-public"],
    ["https://127.0.0.1./", "not-public"],
    ["https://１２７.０.０.１/", "not-public"],
    ["webcal://１２７。０。０。１/", "not-public"],
    ["https://%31%32%37.0.0.1/", "not-public"],
    ["https://[::1]/", "not-public"],
    ["https://[::ffff:169.254.169.254]/", "not-public"],
    ["https://[::ffff:a9fe:a9fe]/", "not-public"],
    ["https://[64:ff9b::10.0.0.8]/", "not-public"],
    ["https://[fe80::1]/", "not-public"],
    ["https://[fd00::1]/", "not-public"],
    ["https://[ff02::1]/", "not-public"],
    ["https://8.8.8.8/", "not-public"],
  ])("%j: %s", (typed, problem) => {
    expect(shown(typed)).toBe(problem);
  });

  it("an address may be as long as the limit and not longer", () => {
    const start = "https://calendar.example.com/";
    const longest = start + "x".repeat(OUTSIDE_URL_MAX_LENGTH - start.length);
    expect(shown(longest)).toBe(longest);
    expect(shown(`${longest}x`)).toBe("too-long");
  });

  it("the sentence says what to do and does not repeat a password", () => {
    const parsed = parseOutsideUrl("https://user:hunter2@calendar.example.com/", false);
    expect(parsed.ok ? "" : parsed.why).toMatch(/Paste it without that part/);
    expect(JSON.stringify(parsed)).not.toContain("hunter2");
  });
});

describe("this machine, in local runs", () => {
  it.each(["http://127.0.0.1:8080/a.ics", "https://localhost:99/", "http://localhost/"])(
    "%s is taken only when loopback is allowed",
    (typed) => {
      expect(shown(typed, true)).toBe(typed);
      expect(shown(typed, false)).not.toBe(typed);
    },
  );

  it.each([
    ["http://10.0.0.8/", "scheme"],
    ["https://10.0.0.8/", "not-public"],
    ["https://[::1]/", "not-public"],
    ["http://localhost.example.com/", "scheme"],
    ["http://user:secret@127.0.0.1/", "credentials"],
    ["ftp://127.0.0.1/", "scheme"],
  ])("%s stays refused: %s", (typed, problem) => {
    expect(shown(typed, true)).toBe(problem);
  });
});

/** RFC 6890 and its registries, multicast and NAT64: what must never be reached, told by another implementation than ours. */
const INTERNAL_V4 =
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4";
const INTERNAL_V6 = "::/128 ::1/128 64:ff9b::/96 fc00::/7 fe80::/10 ff00::/8";
const internal = new BlockList();
for (const [ranges, family] of [
  [INTERNAL_V4, "ipv4"],
  [INTERNAL_V6, "ipv6"],
] as const) {
  for (const range of ranges.split(" ")) {
    const [net = "", prefix] = range.split("/");
    internal.addSubnet(net, Number(prefix), family);
  }
}

/** What `getaddrinfo` makes of a host without asking DNS: dotted, decimal, octal or hexadecimal, one to four parts. */
function isInternalText(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isIP(host) === 6) {
    return internal.check(host, "ipv6");
  }
  const parts = host.split(".");
  if (parts.length <= 4 && parts.every((part) => /^(0x[0-9a-f]*|\d+)$/i.test(part))) {
    const numbers = parts.map((part) => Number(/^0\d/.test(part) ? `0o${part.slice(1)}` : part));
    const last = numbers.pop() ?? 0;
    const value = numbers.reduce((sum, number, at) => sum + number * 256 ** (3 - at), last);
    const dotted = [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
    return internal.check(dotted, "ipv4");
  }
  return /(^|\.)(localhost|local|internal)$/.test(host);
}

const internalNumber = fc.constantFrom(...INTERNAL_V4.split(" ")).chain((range) => {
  const [net = "", prefix] = range.split("/");
  const start = net.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return fc.integer({ min: start, max: start + 2 ** (32 - Number(prefix)) - 1 });
});

const digits = (value: number, radix: 8 | 10 | 16): string =>
  ({ 8: "0", 10: "", 16: "0x" })[radix] + value.toString(radix);

/** One address as people who mean harm write it. */
const spelled = fc
  .tuple(
    internalNumber,
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.constantFrom(8, 10, 16), { minLength: 4, maxLength: 4 }),
  )
  .map(([value, count, radixes]) => {
    const leading = [24, 16, 8].slice(0, count - 1).map((shift) => Math.floor(value / 2 ** shift) % 256);
    const parts = [...leading, value % 2 ** (32 - 8 * (count - 1))];
    return parts.map((part, at) => digits(part, radixes[at] ?? 10)).join(".");
  });

const mapped = internalNumber.map(
  (value) => `[::ffff:${Math.floor(value / 65_536).toString(16)}:${(value % 65_536).toString(16)}]`,
);
const fullWidth = (text: string): string =>
  text.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
const named = fc
  .tuple(fc.constantFrom("", "a.", "a.b."), fc.constantFrom("localhost", "LocalHost", "local", "internal"))
  .map(([below, suffix]) => below + suffix);
const v6 = fc.ipV6().map((address) => `[${address}]`);

const hostileHost = fc.oneof(spelled, spelled.map(fullWidth), mapped, named, v6);
const anyHost = fc.oneof(
  hostileHost,
  fc.domain(),
  fc.webAuthority({ withIPv4Extended: true, withIPv6: true }),
);
const anyAddress = fc
  .record({
    scheme: fc.constantFrom(
      "https://",
      "webcal://",
      "WEBCAL://",
      "https:",
      "https:\\\\",
      "http://",
      "webcal:///",
    ),
    host: anyHost,
    dot: fc.constantFrom("", "."),
    port: fc.constantFrom("", ":443", ":8443"),
    rest: fc.constantFrom("", "/", "/a.ics", "?x=@a.example.com", "\\@a.example.com", "#@a.example.com"),
  })
  .map(({ scheme, host, dot, port, rest }) => scheme + host + dot + port + rest);

describe("whatever is typed", () => {
  it("no address that is accepted names an internal one", () => {
    fc.assert(
      fc.property(anyAddress, (typed) => {
        const parsed = parseOutsideUrl(typed, false);
        expect(parsed.ok && isInternalText(parsed.url.hostname)).toBe(false);
        expect(parsed.ok && parsed.url.protocol !== "https:").toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it("every spelling of an internal address is refused, also when anything else would be accepted there", () => {
    fc.assert(
      fc.property(fc.oneof(spelled, spelled.map(fullWidth), mapped, named), (host) => {
        expect(parseOutsideUrl(`https://${host}/`, false).ok).toBe(false);
        expect(parseOutsideUrl(`webcal://${host}/`, false).ok).toBe(false);
        expect(parseOutsideUrl("https://calendar.example.com/", false).ok).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("what was accepted is accepted again, unchanged", () => {
    fc.assert(
      fc.property(fc.oneof(anyAddress, fc.webUrl(), fc.string()), (typed) => {
        const parsed = parseOutsideUrl(typed, false);
        expect(!parsed.ok || shown(parsed.url.href) === parsed.url.href).toBe(true);
      }),
    );
  });
});
