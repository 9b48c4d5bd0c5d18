/** The network as this deployment is set up to reach it: one reading of the configuration for every floor above. */

import { createIdentityResolver, type IdentityResolver } from "./identity.ts";
import { createSafeFetch, type SafeFetch } from "./safe-fetch.ts";

/** A `fetch` for addresses chosen by others; on loopback only where ALLOW_LOOPBACK says so. */
export function configuredFetch(env: Pick<Env, "ALLOW_LOOPBACK">): SafeFetch {
  return createSafeFetch({ allowLoopback: env.ALLOW_LOOPBACK === "true" });
}

/** Identities as this broker is configured to find them, remembered for a minute by the isolate. */
export function configuredIdentities(
  env: Pick<Env, "ALLOW_LOOPBACK" | "HANDLE_RESOLVER_URL" | "PLC_URL">,
): IdentityResolver {
  return createIdentityResolver({
    plcUrl: env.PLC_URL,
    handleResolverUrl: env.HANDLE_RESOLVER_URL,
    allowLoopback: env.ALLOW_LOOPBACK === "true",
  });
}
