import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseMultistatus, resourceKey } from "../../../../adapters/calendars/caldav/dav-multistatus.ts";
import { childOf, childrenOf, parseXml } from "../../../../adapters/calendars/caldav/dav-xml.ts";
import type { XmlElement } from "../../../../adapters/calendars/caldav/dav-xml.ts";
import { escapeXml } from "../../../../adapters/calendars/caldav/xml-text.ts";

/** `{namespace}name` with its text and children, without what is empty. */
function shown(element: XmlElement | undefined): unknown {
  if (element === undefined) {
    return undefined;
  }
  const { namespace, name, text, children } = element;
  return [`{${namespace}}${name}`, ...(text === "" ? [] : [text]), ...children.map(shown)];
}

describe("XML of WebDAV servers", () => {
  it.each<readonly [string, string, unknown]>([
    ["a prefix", '<d:a xmlns:d="DAV:"><d:b/></d:a>', ["{DAV:}a", ["{DAV:}b"]]],
    ["a default namespace", '<a xmlns="DAV:"><b/></a>', ["{DAV:}a", ["{DAV:}b"]]],
    [
      "namespaces declared again inside, and only there",
      '<a xmlns="DAV:" xmlns:x="one"><x:b xmlns:x="two"><x:c/></x:b><x:b/><e xmlns=""/></a>',
      ["{DAV:}a", ["{two}b", ["{two}c"]], ["{one}b"], ["{}e"]],
    ],
    ["no namespace at all", "<a><b></b></a>", ["{}a", ["{}b"]]],
    [
      "a declaration, comments and instructions",
      '\uFEFF<?xml version="1.0"?>\n<!-- <b> --><?x <b>?><a/><!-- -->\n',
      ["{}a"],
    ],
    [
      "XML's own entities and numbers",
      "<a>&lt;&amp;&gt;&quot;&apos;&#233;&#xe9;&#x1F5D3;</a>",
      ["{}a", "<&>\"'éé🗓"],
    ],
    ["an entity written as text", "<a>&amp;lt;</a>", ["{}a", "&lt;"]],
    ["CDATA", "<a>x<![CDATA[<b>&amp;]]]]><![CDATA[>]]>y</a>", ["{}a", "x<b>&amp;]]>y"]],
    ["control characters that a server handed on", "<a>\u0007\u000b</a>", ["{}a", "\u0007\u000b"]],
    ["white space in tags", "<a  x = '1'\n y=\"2\" ><b\n/></a\t>", ["{}a", ["{}b"]]],
    ["a > in an attribute", '<a x="1>2"/>', ["{}a"]],
    ["the prefix that is always there", "<xml:a/>", ["{http://www.w3.org/XML/1998/namespace}a"]],
  ])("%s is read", (_, document, expected) => {
    expect(shown(parseXml(document))).toEqual(expected);
  });

  it.each([
    ["nothing", ""],
    ["text only", "hello"],
    ["two roots", "<a/><b/>"],
    ["text after the root", "<a/>b"],
    ["text before the root", "b<a/>"],
    ["CDATA outside the root", "<![CDATA[x]]><a/>"],
    ["an end that is missing", "<a><b></b>"],
    ["an end that is another's", "<a><b></a></b>"],
    ["an end without a beginning", "<a/></a>"],
    ["the same name by another prefix", '<x:a xmlns:x="1" xmlns:y="1"></y:a>'],
    ["a tag that breaks off", "<a><b"],
    ["a comment without an end", "<a><!-- </a>"],
    ["CDATA without an end", "<a><![CDATA[ </a>"],
    ["an instruction without an end", "<?xml <a/>"],
    ["a prefix that nobody declared", "<d:a/>"],
    ["a DOCTYPE", "<!DOCTYPE a><a/>"],
    ["a DOCTYPE in small letters", "<!doctype html><html></html>"],
    [
      "a DOCTYPE with an entity from outside",
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    ],
    ["a DOCTYPE inside", "<a><!DOCTYPE a></a>"],
    ["an entity of HTML", "<a>&nbsp;</a>"],
    ["a bare ampersand", "<a>b & c</a>"],
    ["an ampersand at the end", "<a>b &</a>"],
    ["an entity in an attribute that is none", '<a x="&y;"/>'],
    ["a character that there is none of", "<a>&#x110000;</a>"],
    ["half a character", "<a>&#xd800;</a>"],
    ["an attribute twice", '<a x="1" x="2"/>'],
    ["an attribute without quotes", "<a x=1/>"],
    ["a < in an attribute", '<a x="<"/>'],
    ["a tree too deep", "<a>".repeat(33) + "</a>".repeat(33)],
    ["too many attributes", `<a${Array.from({ length: 33 }, (_, at) => ` x${at}="1"`).join("")}/>`],
    [
      "too many namespaces",
      `<a>${Array.from({ length: 22 }, (_, at) => `<a xmlns:p${at}="1" xmlns:q${at}="1" xmlns:r${at}="1">`).join("")}${"</a>".repeat(23)}`,
    ],
    ["a namespace declared twice", '<a xmlns:x="1" xmlns:x="1"/>'],
    ["a tree too large", `<a>${"<b/>".repeat(300_000)}</a>`],
  ])("%s is refused", (_, document) => {
    expect(parseXml(document)).toBeUndefined();
  });

  it("whatever was escaped comes back, but for what XML cannot say", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const kept = text
          .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
          .toWellFormed();
        expect(parseXml(`<a x="${escapeXml(text)}">${escapeXml(text)}</a>`)).toMatchObject({
          text: kept,
          attributes: new Map([["x", kept]]),
        });
      }),
    );
  });

  it("nothing at all makes it throw or hang", () => {
    const parts = [
      "<a",
      ">",
      "</a>",
      "<a>",
      "/>",
      " x='",
      "'",
      "&",
      ";",
      "&#x",
      "<![CDATA[",
      "]]>",
      "<!--",
      "-->",
      "<?",
      "?>",
      "<!DOCTYPE",
      " ",
      'xmlns:d="1"',
      "d:a",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 60 }), (pieces) => {
        parseXml(pieces.join(""));
      }),
      { numRuns: 5_000 },
    );
  });

  it("ten megabytes of one thing make it neither throw nor take long", () => {
    const many = Array.from({ length: 20_000 }, (_, at) => ` xmlns:p${at}="x"`);
    const documents = [
      ...["<a ", "<a x='1' ", "&", "&amp;", "<a", "<!--", "</", " x='", "a:a:", "<a>", "<a/>x"].flatMap(
        (flood) => {
          const long = flood.repeat(10_000_000 / flood.length);
          return [long, `<a${long}`, `<a>${long}`];
        },
      ),
      `<a${many.join("")}>${'<b xmlns:q="1"/>'.repeat(290_000)}</a>`,
      `<a${many.slice(0, 30).join("")}>${many.map((one) => `<b${one}/>`).join("")}</a>`,
    ];
    for (const document of documents) {
      const began = performance.now();
      parseXml(document);
      expect(performance.now() - began).toBeLessThan(3_000);
    }
  }, 60_000);

  it("finds children by namespace and name, not by prefix", () => {
    const root = parseXml('<a xmlns:x="DAV:" xmlns:y="other"><y:b>1</y:b><x:b>2</x:b><x:b>3</x:b></a>');
    expect(childOf(root, "DAV:", "b")?.text).toBe("2");
    expect(childrenOf(root, "DAV:", "b").map(({ text }) => text)).toEqual(["2", "3"]);
  });
});

describe("a multistatus", () => {
  const base = new URL("https://dav.example.com:8443/home/work/");
  const parsed = (responses: string) =>
    parseMultistatus(new TextEncoder().encode(`<multistatus xmlns="DAV:">${responses}</multistatus>`), base);
  const ok = "<status>HTTP/1.1 200 OK</status>";

  it.each([
    ["/home/work/a.ics", "https://dav.example.com:8443/home/work/a.ics"],
    ["a.ics", "https://dav.example.com:8443/home/work/a.ics"],
    ["https://dav.example.com:8443/a b.ics", "https://dav.example.com:8443/a%20b.ics"],
    ["http://dav.example.com/a.ics#x", "https://dav.example.com:8443/a.ics"],
    ["http://other.example.com/a.ics", "http://other.example.com/a.ics"],
    ["\n /a.ics \n", "https://dav.example.com:8443/a.ics"],
  ])("names resources by addresses such as %j", (href, expected) => {
    expect(parsed(`<response><href>${href}</href>${ok}</response>`)?.[0]?.url.href).toBe(expected);
  });

  it("gives the properties that came with 200 and no others", () => {
    const [resource] =
      parsed(
        `<response><href>/</href><propstat><prop><a>1</a></prop>${ok}</propstat>` +
          "<propstat><prop><b>2</b></prop><status>HTTP/1.1 404 Not Found</status></propstat>" +
          "<propstat><prop><c>3</c></prop></propstat>" +
          "<propstat><prop><d>4</d></prop><status>HTTP/2 200</status></propstat></response>",
      ) ?? [];
    expect(resource?.properties.map(({ text }) => text)).toEqual(["1", "4"]);
  });

  it("says the same of each address that shares a status", () => {
    const gone = "<status>HTTP/1.1 404 Not Found</status>";
    expect(parsed(`<response><href>/a</href><href>/b</href>${gone}</response>`)).toMatchObject([
      { href: "/a", status: 404 },
      { href: "/b", status: 404 },
    ]);
  });

  it.each([
    ["a status that is none", "<response><href>/</href><status>fine</status></response>"],
    ["a status of four digits", "<response><href>/</href><status>HTTP/1.1 2000 OK</status></response>"],
    ["no address", `<response>${ok}</response>`],
    ["an empty address", `<response><href> </href>${ok}</response>`],
    ["an address that makes no sense", `<response><href>https://[</href>${ok}</response>`],
  ])("with %s is none", (_, responses) => {
    expect(parsed(responses)).toBeUndefined();
  });

  it("knows a resource however its address is encoded", () => {
    const key = (address: string): string => resourceKey(new URL(address, base));
    expect(key("/h%C3%A9/%40a.ics")).toBe(key("/hé/@a.ics"));
    expect(key("/home/work")).toBe(key("/home/work/"));
    expect(key("/100%.ics")).not.toBe(key("/100.ics"));
    expect(key("/a")).not.toBe(key("https://other.example.com/a"));
  });
});
