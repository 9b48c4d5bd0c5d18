/** Judges an address that a host typed, by its text; its words are about calendars. No I/O: names are not resolved. */

import { isLoopbackUrl, isPublicName } from "./public-address.ts";

/** Real addresses of feeds stay below 500 characters; the rest is room for signed links. */
export const OUTSIDE_URL_MAX_LENGTH = 2_048;

/** Below it live other protocols (SSH, SMTP); above it many people run their calendar at home. */
const FIRST_UNPRIVILEGED_PORT = 1_024;

/** `why` is for the host and says what to do; it never repeats what was typed, which may hold a password. */
export type OutsideUrl =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly problem: OutsideUrlProblem; readonly why: string };

export type OutsideUrlProblem =
  | "too-long"
  | "not-an-address"
  | "scheme"
  | "credentials"
  | "not-public"
  | "port";

const WHY: Record<OutsideUrlProblem, string> = {
  "too-long": `The address is longer than ${OUTSIDE_URL_MAX_LENGTH} characters. Ask your calendar for a shorter one.`,
  "not-an-address":
    "That is not a web address. Paste the whole address, beginning with https:// or webcal://.",
  scheme: "Only https:// and webcal:// addresses can be read. Ask your calendar for such an address.",
  credentials: "The address holds a user name or a password. Paste it without that part, before the @.",
  "not-public":
    "The address is not on the public internet. Use one with a public name, such as calendar.example.com.",
  port: "Calendars are not read from that port. Use port 443 (the usual one) or a port from 1024 on.",
};

/**
 * The address as it will be fetched: https on a public name (RFC 6761 names and all IP literals, so RFC 6890's special addresses
 * too, are refused), without credentials or fragment. `webcal:` is https by another name.
 * @param allowLoopback also takes http and https on `localhost` and 127.0.0.1, any port: local runs only
 */
export function parseOutsideUrl(typed: string, allowLoopback: boolean): OutsideUrl {
  const trimmed = typed.trim();
  if (trimmed.length > OUTSIDE_URL_MAX_LENGTH) {
    return no("too-long");
  }
  // Before parsing: only in http and https URLs does the parser normalise the host (digits, case, IPv4 in hexadecimal).
  const address = trimmed.replace(/^webcal:/i, "https:");
  if (!URL.canParse(address)) {
    return no("not-an-address");
  }
  const url = new URL(address);
  url.hash = "";
  if (url.username !== "" || url.password !== "") {
    return no("credentials");
  }
  if (allowLoopback && isLoopbackUrl(url)) {
    return { ok: true, url };
  }
  if (url.protocol !== "https:") {
    return no("scheme");
  }
  if (!isPublicName(url.hostname)) {
    return no("not-public");
  }
  // The parser leaves the port empty for 443.
  if (url.port !== "" && Number(url.port) < FIRST_UNPRIVILEGED_PORT) {
    return no("port");
  }
  return { ok: true, url };
}

function no(problem: OutsideUrlProblem): OutsideUrl {
  return { ok: false, problem, why: WHY[problem] };
}
