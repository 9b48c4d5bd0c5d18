/** The pages: one document for all of them, with the status a browser, a cache or a crawler should believe. */

import type { Call } from "../call.ts";
import { errorResponse } from "../errors.ts";

/** The paths `ui/routes.ts` knows. Anything else gets the same document, whose script shows "not found", as a 404. */
const PAGES = [
  /^\/auth\/login$/,
  /^\/(?:dashboard|settings)$/,
  /^\/email\/(?:confirm|unsubscribe)$/,
  /^\/(?:availability|meeting-types|bookings)\/[^/]+$/,
  /^\/book\/[^/]+(?:\/[^/]+)?$/,
];

/** Every GET that is no file and no route. A missing script is a 404 and never a page: a cache would keep it for a year. */
export async function getPage({ request, env, url }: Call): Promise<Response> {
  if (/^\/(?:api|assets|oauth|\.well-known)\//.test(url.pathname)) {
    return errorResponse(404, "NotFound", "There is nothing at this address. Check the path.");
  }
  const isPage = PAGES.some((page) => page.test(url.pathname));
  const known = isPage ? request.headers.get("if-none-match") : null;
  const headers = new Headers(known === null ? {} : { "if-none-match": known });
  const document = await env.ASSETS.fetch(new Request(new URL("/", url), { headers }));
  return new Response(document.body, {
    status: isPage ? document.status : 404,
    headers: document.headers,
  });
}
