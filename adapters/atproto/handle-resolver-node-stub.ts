/**
 * Stands in for `@atproto-labs/handle-resolver-node` (see `[alias]` in wrangler.toml), whose undici agent and `node:dns` do not run
 * on workerd. Never resolves anything: our OAuth client is given an identity resolver of its own.
 */

export class AtprotoHandleResolverNode {
  /** @throws always: being called would mean that the OAuth client no longer uses our resolver. */
  resolve(): never {
    throw new Error("handles are resolved by adapters/atproto/identity.ts");
  }
}
