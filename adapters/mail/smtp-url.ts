/** SMTP_URL, as an operator writes it. No I/O. */

import type { SmtpServer } from "./smtp.ts";

/** `why` is for the operator and repeats nothing of the address, which holds a password. */
export type ParsedSmtpUrl =
  | { readonly ok: true; readonly server: SmtpServer }
  | { readonly ok: false; readonly why: string };

/** Of submission with TLS from the first byte (RFC 8314 3.3), and without (RFC 6409 3.1). */
const DEFAULT_PORTS = { "smtps:": 465, "smtp:": 587 } as const;

/**
 * `smtps://user:password@host` (port 465) or `smtp://user:password@host?starttls` (port 587), name and password percent-encoded.
 * @param allowLoopback also takes `smtp://127.0.0.1:2525`, without TLS: local runs only
 */
export function parseSmtpUrl(text: string, allowLoopback: boolean): ParsedSmtpUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "smtps:" && url.protocol !== "smtp:") || url.hostname === "") {
    return no("is no address of a mail server: write smtps://user:password@host");
  }
  const credentials = credentialsIn(url);
  if (credentials === "unreadable") {
    return no("has a name or a password that cannot be read: percent-encode both");
  }
  const wantsStartTls = url.searchParams.has("starttls");
  const isLoopback = url.hostname === "localhost" || url.hostname === "127.0.0.1";
  if (url.protocol === "smtp:" && !wantsStartTls && !(isLoopback && allowLoopback)) {
    return no("would send without TLS: write smtps://, or add ?starttls");
  }
  const plain = wantsStartTls ? "starttls" : "none";
  return {
    ok: true,
    server: {
      hostname: url.hostname,
      port: url.port === "" ? DEFAULT_PORTS[url.protocol] : Number(url.port),
      security: url.protocol === "smtps:" ? "tls" : plain,
      ...(credentials !== undefined && { credentials }),
    },
  };
}

function credentialsIn(url: URL): SmtpServer["credentials"] | "unreadable" {
  if (url.username === "" && url.password === "") {
    return undefined;
  }
  try {
    const username = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    // NUL ends either of them in AUTH PLAIN (RFC 4616 2).
    return username === "" || password === "" || /\0/.test(username + password)
      ? "unreadable"
      : { username, password };
  } catch {
    return "unreadable";
  }
}

function no(why: string): ParsedSmtpUrl {
  return { ok: false, why };
}
