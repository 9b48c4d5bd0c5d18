/** What a route for signed-in people gets: the call and who calls. Nobody else reaches its handler. */

import type { Caller } from "./caller.ts";
import { requireCaller } from "./caller.ts";
import type { Call } from "./call.ts";
import { prefersHtml } from "./sign-in-problem-page.ts";

export interface SignedInCall extends Call {
  readonly caller: Caller;
}

/** Wraps a handler so that it runs for an identified caller only; `nsid` is what a bearer token's `lxm` must name. */
export function signedIn(nsid: string, handler: (call: SignedInCall) => Promise<Response>) {
  return async (call: Call): Promise<Response> => {
    const caller = await requireCaller(call.request, call.env, nsid, call.now);
    if (caller instanceof Response) {
      return followsLink(call.request) ? toSignIn(call) : caller;
    }
    return handler({ ...call, caller });
  };
}

/** Somebody who opened a link, such as one in a mail, in a browser in which they are not signed in: they want a page, not our JSON. */
function followsLink(request: Request): boolean {
  return request.method === "GET" && !request.headers.has("authorization") && prefersHtml(request);
}

function toSignIn({ url }: Call): Response {
  const query = new URLSearchParams({ returnTo: url.pathname + url.search });
  return new Response(null, { status: 303, headers: { location: `/auth/login?${query.toString()}` } });
}
