/** From what a caller typed to a DID. A DID goes through as it is: its authority finds out whether it is anybody's. */

import { configuredIdentities } from "../adapters/atproto/configured.ts";
import { isSupportedDid } from "../adapters/atproto/did-document.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";

/** The DID of an actor: HostNotFound for what is nobody, HostUnreachable when it cannot be asked. */
export async function resolveActorDid(env: Env, actor: string): Promise<Result<string>> {
  if (actor.startsWith("did:")) {
    return isSupportedDid(actor)
      ? accepted(actor)
      : refused({
          code: "HostNotFound",
          why: "That DID is not one this broker can look up. Use a did:plc, or a did:web on a public host name.",
        });
  }
  const identity = await configuredIdentities(env).resolveActor(actor);
  return identity.ok ? accepted(identity.value.did) : identity;
}
