/**
 * An atproto OAuth client that runs on workerd: @atproto/oauth-client-node with our own way out, identities, lock and caches. Made
 * anew for every operation (a promise of a finished request can never settle there). Never decides who may sign in.
 */

import { JoseKey, NodeOAuthClient } from "@atproto/oauth-client-node";
import type { NodeSavedSession, NodeSavedState, OAuthClientOptions } from "@atproto/oauth-client-node";

import { createIdentityResolver } from "./identity.ts";
import { clientKeyset, oauthClientMetadata } from "./oauth-client-metadata.ts";
import { createSafeFetch } from "./safe-fetch.ts";

/** Where one kind of secret text is kept. `get` may be what takes it out (an OAuth state is good once). */
export interface SecretStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Runs tasks one after another; what a refresh token, good for one use, needs. */
type Lock = <Value>(task: () => Value | PromiseLike<Value>) => Promise<Value>;

export interface OAuthClientSettings {
  readonly publicUrl: string;
  /** OAUTH_PRIVATE_JWKS. */
  readonly privateJwks: string | undefined;
  readonly plcUrl: string;
  readonly handleResolverUrl: string;
  readonly allowLoopback: boolean;
}

/** Values that outlive a client: DPoP nonces and server metadata, by origin. */
interface OAuthCaches {
  readonly nonces: ExpiringCache<string>;
  readonly authorizationServers: ExpiringCache<AuthorizationServer>;
  readonly protectedResources: ExpiringCache<ProtectedResource>;
}

type CacheOf<Name extends keyof OAuthClientOptions> =
  NonNullable<OAuthClientOptions[Name]> extends {
    set: (key: string, value: infer Value) => unknown;
  }
    ? Value
    : never;
type AuthorizationServer = CacheOf<"authorizationServerMetadataCache">;
type ProtectedResource = CacheOf<"protectedResourceMetadataCache">;

const CACHE_MS = 60_000;

/** A cache that looks at the clock: lru-cache, the library's default, freezes its own between requests on workerd. */
class ExpiringCache<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly expiresAt: number }>();

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expiresAt > Date.now() ? entry.value : undefined;
  }

  set(key: string, value: Value): void {
    this.#entries.set(key, { value, expiresAt: Date.now() + CACHE_MS });
  }

  del(key: string): void {
    this.#entries.delete(key);
  }
}

/** Empty caches; whoever holds them decides how long they live. */
export function createOAuthCaches(): OAuthCaches {
  return {
    nonces: new ExpiringCache(),
    authorizationServers: new ExpiringCache(),
    protectedResources: new ExpiringCache(),
  };
}

export interface OAuthClientParts {
  readonly settings: OAuthClientSettings;
  /** The one account this client speaks for. Another may come back from its server; it is for the caller to refuse. */
  readonly did: string;
  readonly states: SecretStore;
  readonly sessions: SecretStore;
  readonly lock: Lock;
  readonly caches: OAuthCaches;
}

/** @throws Error when PUBLIC_URL or OAUTH_PRIVATE_JWKS is malformed */
export async function createOAuthClient(parts: OAuthClientParts): Promise<NodeOAuthClient> {
  const { settings, caches } = parts;
  const keyset = await clientKeyset(settings.publicUrl, settings.privateJwks);
  // Loopback is for local runs and did:plc only: a did:web document can be published by anyone on the internet.
  const allowLoopback = settings.allowLoopback && parts.did.startsWith("did:plc:");
  const identities = createIdentityResolver(settings);

  return new NodeOAuthClient({
    clientMetadata: oauthClientMetadata(settings.publicUrl, keyset !== undefined),
    ...(keyset && { keyset }),
    stateStore: jsonStore<NodeSavedState>(parts.states),
    sessionStore: jsonStore<NodeSavedSession>(parts.sessions),
    fetch: createSafeFetch({ allowLoopback }),
    allowHttp: allowLoopback,
    identityResolver: {
      async resolve(did) {
        const document = await identities.didDocument(did, { fresh: true });
        const identity = await identities.resolveDid(did);
        if (!document.ok || !identity.ok) throw new Error("the identity cannot be looked up just now");
        return { did: document.value.id, didDoc: document.value, handle: identity.value.handle };
      },
    },
    // Without one the library would look for a resolver that needs node:dns. It asks identityResolver instead.
    handleResolver: { resolve: async () => null },
    dpopNonceCache: caches.nonces,
    authorizationServerMetadataCache: caches.authorizationServers,
    protectedResourceMetadataCache: caches.protectedResources,
    runtimeImplementation: {
      requestLock: (_name, task) => parts.lock(task),
      // ES256 is the one algorithm every atproto server must know; workerd cannot make ES256K keys.
      createKey: () => JoseKey.generate(["ES256"]),
      getRandomValues: (length) => crypto.getRandomValues(new Uint8Array(length)),
      digest: async (bytes, { name }) =>
        new Uint8Array(await crypto.subtle.digest(name.replace("sha", "sha-"), bytes)),
    },
  });
}

function jsonStore<Value>(store: SecretStore): {
  get(key: string): Promise<Value | undefined>;
  set(key: string, value: Value): Promise<void>;
  del(key: string): Promise<void>;
} {
  return {
    async get(key) {
      const text = await store.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as Value);
    },
    set: (key, value) => store.set(key, JSON.stringify(value)),
    del: (key) => store.delete(key),
  };
}

/** The scope a stored OAuth session was granted, as its token response said. */
export function grantedScope(sessionText: string): string {
  return (JSON.parse(sessionText) as NodeSavedSession).tokenSet.scope;
}
