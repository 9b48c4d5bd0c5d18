/** One HTTP call, parsed as far as every route needs it, and the answer to a bug. */

import type { IRequest } from "itty-router";
import { errorResponse } from "./errors.ts";

export interface Call {
  readonly request: Request;
  readonly env: Env;
  readonly url: URL;
  /** Path parameters, URI-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly now: number;
}

type Handler = (call: Call) => Promise<Response>;

/** Makes a handler of ours one of itty-router's. */
export function answer(handler: Handler) {
  return async (request: IRequest & Request, env: Env): Promise<Response> => {
    const params = decodeParams(request.params);
    return params
      ? handler({ request, env, params, url: new URL(request.url), now: Date.now() })
      : errorResponse(400, "InvalidRequest", "The path is not valid. Check its percent-encoding.");
  };
}

/** What a thrown error becomes: one fixed sentence. Its own words stay out of the answer and out of the log. */
export function answerBug(error: unknown, request: Request): Response {
  const { pathname } = new URL(request.url);
  const isOverloaded = error instanceof Error && "overloaded" in error && error.overloaded === true;
  // A message may quote what it choked on; the frames of the stack do not.
  const frames = error instanceof Error ? (error.stack ?? "").split("\n").filter(isFrame).join("\n") : "";
  const name = error instanceof Error ? error.name : typeof error;
  console.error("unexpected error", request.method, routeOf(pathname), name, frames);
  return isOverloaded
    ? errorResponse(429, "TooManyRequests", "Too many people are asking at once. Try again in a moment.", {
        "retry-after": "2",
      })
    : errorResponse(500, "InternalError", "Something went wrong on our side. Try again in a moment.");
}

/** Headers every answer of the worker carries. */
export function secure(response: Response): Response {
  if (response.status === 101) {
    return response; // A WebSocket's answer has no content to protect, and came as it is.
  }
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "strict-origin-when-cross-origin");
  if (!response.headers.has("cache-control")) {
    response.headers.set("cache-control", "no-store");
  }
  return response;
}

function decodeParams(params: Record<string, string> | undefined): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(params ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return undefined;
  }
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line);
}

/** The path without what names a person or a booking. */
function routeOf(pathname: string): string {
  return pathname.split("/").slice(0, 3).join("/");
}
