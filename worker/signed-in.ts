/** What a route for signed-in people gets: the call and who calls. Nobody else reaches its handler. */

import type { Caller } from "./caller.ts";
import { requireCaller } from "./caller.ts";
import type { Call } from "./call.ts";

export interface SignedInCall extends Call {
  readonly caller: Caller;
}

/** Wraps a handler so that it runs for an identified caller only; `nsid` is what a bearer token's `lxm` must name. */
export function signedIn(nsid: string, handler: (call: SignedInCall) => Promise<Response>) {
  return async (call: Call): Promise<Response> => {
    const caller = await requireCaller(call.request, call.env, nsid, call.now);
    return caller instanceof Response ? caller : handler({ ...call, caller });
  };
}
