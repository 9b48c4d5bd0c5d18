import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { senderVerdicts } from "../../../adapters/ics/authentication-results.ts";
import { hostileText } from "./hostile.ts";

const SERVER = "mx.cloudflare.net";

function isAuthenticated(...fields: readonly string[]): boolean {
  return senderVerdicts(fields, SERVER, "private.example").isAuthenticated;
}

/** As Cloudflare's mail servers write it. */
const PASSED = `mx.cloudflare.net;
\tdkim=pass header.d=private.example header.s=20251104 header.b=L6CZ3OJ0;
\tdmarc=pass header.from=private.example policy.dmarc=none;
\tspf=none (mx.cloudflare.net: no SPF records found for postmaster@mail.private.example) smtp.helo=mail.private.example;
\tspf=pass (mx.cloudflare.net: domain of bob@private.example designates 2001:db8::112d as permitted sender) smtp.mailfrom=bob@private.example;
\tarc=pass smtp.remote-ip="2001:db8::112d"`;

const FORGED =
  "mx.cloudflare.net; dkim=pass header.d=private.example; dmarc=pass header.from=private.example";

describe("what is known of a sender", () => {
  it("is what the server that took the message in says", () => {
    expect(senderVerdicts([PASSED], SERVER, "private.example")).toEqual({
      dkim: "pass",
      spf: "pass",
      dmarc: "pass",
      isAuthenticated: true,
    });
  });

  it.each([
    ["DMARC passes for it", "dmarc=pass header.from=private.example"],
    [
      "it has no policy, but a signature",
      "dkim=pass header.d=private.example; dmarc=none header.from=private.example",
    ],
    [
      "it has no policy, but a signature among others",
      "dkim=fail header.d=list.example; dkim=pass header.d=private.example; dmarc=none",
    ],
    [
      "a version stands behind the server",
      "dmarc=pass (p=none) header.from=private.example",
      "mx.cloudflare.net 1;",
    ],
    ["it is written in capitals", "DMARC=Pass Header.From=Private.Example", "MX.Cloudflare.net;"],
  ])("is enough where %s", (_, statements, server = "mx.cloudflare.net;") => {
    expect(isAuthenticated(`${server} ${statements}`)).toBe(true);
  });

  it("holds for names below a signing domain, and not for those above", () => {
    const signed = "mx.cloudflare.net; dkim=pass header.d=private.example; dmarc=none";
    expect(senderVerdicts([signed], SERVER, "mail.private.example").isAuthenticated).toBe(true);
    expect(senderVerdicts([signed], SERVER, "notprivate.example").isAuthenticated).toBe(false);
    expect(senderVerdicts([signed], SERVER, "example").isAuthenticated).toBe(false);
    expect(
      senderVerdicts(["mx.cloudflare.net; dkim=pass header.d=example; dmarc=none"], SERVER, "private.example")
        .isAuthenticated,
    ).toBe(false);
  });

  it.each([
    ["nobody says anything"],
    ["it says nothing", ""],
    ["it says none", "mx.cloudflare.net; none"],
    ["another server says it", FORGED.replace("mx.cloudflare.net", "mx.evil.example")],
    [
      "one says it whose name begins the same",
      FORGED.replace("mx.cloudflare.net", "mx.cloudflare.net.evil.example"),
    ],
    [
      "it stands beneath what the server wrote",
      "mx.cloudflare.net; dmarc=fail header.from=private.example",
      FORGED,
    ],
    ["it stands beneath what another server wrote", "mx.evil.example; none", FORGED],
    ["it is about another domain", "mx.cloudflare.net; dmarc=pass header.from=evil.example"],
    [
      "DMARC fails",
      "mx.cloudflare.net; dkim=pass header.d=private.example; dmarc=fail header.from=private.example",
    ],
    ["DMARC cannot be told", "mx.cloudflare.net; dkim=pass header.d=private.example; dmarc=temperror"],
    ["nobody speaks of DMARC", "mx.cloudflare.net; dkim=pass header.d=private.example"],
    [
      "DMARC is spoken of twice",
      "mx.cloudflare.net; dmarc=fail header.from=private.example; dmarc=pass header.from=private.example",
    ],
    [
      "DMARC is spoken of twice, the other way round",
      "mx.cloudflare.net; dmarc=pass header.from=private.example; dmarc=fail header.from=private.example",
    ],
    [
      "its domain is named twice",
      "mx.cloudflare.net; dmarc=pass header.from=evil.example header.from=private.example",
    ],
    ["the signature is another's", "mx.cloudflare.net; dkim=pass header.d=evil.example; dmarc=none"],
    ["there is but SPF", "mx.cloudflare.net; dmarc=none; spf=pass smtp.mailfrom=bob@private.example"],
    [
      "it follows what is said of SPF",
      "mx.cloudflare.net; spf=none smtp.helo=x; dmarc=pass header.from=private.example",
    ],
    [
      "SPF is of another",
      "mx.cloudflare.net; spf=pass smtp.mailfrom=private.example@evil.example; dmarc=none",
    ],
    [
      "SPF is of the greeting only",
      "mx.cloudflare.net; spf=pass smtp.helo=private.example smtp.mailfrom=private.example; dmarc=none",
    ],
    ["it stands in a comment", "mx.cloudflare.net; dkim=none (; dmarc=pass header.from=private.example)"],
    [
      "it stands in quotation marks",
      'mx.cloudflare.net; spf=pass smtp.mailfrom="; dmarc=pass header.from=private.example"@evil.example',
    ],
    [
      "it follows a comment that a local part ended",
      'mx.cloudflare.net; spf=pass (domain of "x) ; dmarc=pass header.from=private.example ("@evil.example designates) smtp.mailfrom=x',
    ],
    ["a comment does not end", `${FORGED} (`],
    ["a comment ends that never began", `${FORGED})`],
    ["a quotation does not end", `${FORGED} "`],
  ])("is not enough where %s", (_, ...fields) => {
    expect(isAuthenticated(...fields)).toBe(false);
  });

  it("is never made up by what the sender chose: names, local parts, and fields beneath", () => {
    const policy = fc.constantFrom("", "dmarc=none; ", "dmarc=fail header.from=private.example; ");
    const chosen = fc.oneof(
      hostileText,
      fc
        .array(
          fc.constantFrom(
            ";",
            "(",
            ")",
            '"',
            "\\",
            " ",
            "dmarc=pass",
            "dkim=pass",
            "header.from=private.example",
            "header.d=private.example",
            "@",
          ),
          {
            maxLength: 12,
          },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(policy, chosen, chosen, chosen, (dmarc, helo, local, beneath) => {
        const field = `mx.cloudflare.net; ${dmarc}spf=none (no SPF records found for postmaster@${helo}) smtp.helo=${helo}; spf=pass (domain of ${local}@evil.example designates 192.0.2.1) smtp.mailfrom=${local}@evil.example`;
        expect(isAuthenticated(field, beneath, FORGED)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
