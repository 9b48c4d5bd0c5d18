/** The broker's variables and secrets in a local run. The secrets are made once and kept; never printed. */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { keptStrings } from "./kept-json.ts";

export interface BrokerPlace {
  readonly port: number;
  readonly plcUrl: string;
  /** Also asked for handles, since `*.test` has no DNS. */
  readonly pdsUrl: string;
}

/** The broker's did:web. An IP address is not allowed in one, hence `localhost`. */
export function brokerDidOf(port: number): string {
  return `did:web:localhost%3A${port}`;
}

/** What wrangler.toml's `[vars]` say for the default ports, said for these. */
export function brokerVars({ port, plcUrl, pdsUrl }: BrokerPlace): Record<string, string> {
  return {
    // Loopback OAuth redirects must name the IP address.
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    BROKER_DID: brokerDidOf(port),
    PLC_URL: plcUrl,
    HANDLE_RESOLVER_URL: pdsUrl,
    ALLOW_LOOPBACK: "true",
  };
}

/** What makes the broker send its mail to this server, which takes it without TLS. */
export function mailVars(smtpUrl: string): Record<string, string> {
  return { MAIL_PROVIDER: "smtp", MAIL_FROM: "atproto Cal <bookings@cal.test>", SMTP_URL: smtpUrl };
}

/** wrangler.toml's required secrets and the operator's token, kept under `dataDir`. */
export function brokerSecrets(
  dataDir: string,
): Record<"WEB_SESSION_KEY" | "SEALING_KEYS" | "OPERATOR_TOKEN", string> {
  const key = (): string => randomBytes(32).toString("base64url");
  return keptStrings(join(dataDir, "secrets.json"), {
    OPERATOR_TOKEN: key,
    WEB_SESSION_KEY: key,
    SEALING_KEYS: () => JSON.stringify({ active: "local-1", keys: { "local-1": key() } }),
  });
}
