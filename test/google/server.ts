/** HTTP: one request in, one answer out, with faults and the log in between. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { answerApi } from "./api.ts";
import type { Noted } from "./api.ts";
import type { AnswerSchemas } from "./api-call.ts";
import { Refused, namedError } from "./errors.ts";
import { spoil, takeFault, throwFault } from "./faults.ts";
import type { FaultSpec } from "./faults.ts";
import { decideConsent, showConsent } from "./oauth-consent.ts";
import type { Page } from "./oauth-consent.ts";
import { answerRevoke, answerToken, oauthError } from "./oauth-token.ts";
import type { State } from "./state.ts";

const LARGEST_BODY = 1_000_000;
const API = "/calendar/v3";

/** An answer as it went out, for whoever checks answers. */
export interface Answered {
  /** Google's name of the method; undefined: none of the Calendar API's. */
  readonly api?: string;
  readonly schema?: keyof AnswerSchemas;
  readonly status: number;
  /** Parsed; undefined: empty or no JSON. */
  readonly body?: unknown;
  /** Partial, because `fields` asked so; or spoiled by a fault. */
  readonly isWhole: boolean;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json?: object;
}

/** Answers requests to Google's paths. */
export async function serve(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  onAnswer: (answered: Answered) => void,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://stand-in.invalid");
  const http = request.method ?? "GET";
  const body = await readBody(request);
  const noted: Noted = { unknownParameters: [] };
  const fault = takeFault(state, http, url.pathname);
  const reply = replyTo(state, { url, http, body, request }, fault, noted);

  const isApi = url.pathname.startsWith(`${API}/`);
  state.calls.push({
    at: state.now(),
    method: http,
    path: url.pathname,
    query: isApi ? withoutTokens(url.searchParams) : {},
    ...(noted.method === undefined ? {} : { api: noted.method.id }),
    ...(noted.email === undefined ? {} : { email: noted.email }),
    ...(noted.scopes === undefined ? {} : { scopes: noted.scopes }),
    unknownParameters: noted.unknownParameters,
    status: reply.status,
  });
  onAnswer({
    ...(noted.method === undefined ? {} : { api: noted.method.id }),
    ...(noted.method?.schema === undefined ? {} : { schema: noted.method.schema }),
    status: reply.status,
    ...(reply.json === undefined ? {} : { body: reply.json }),
    isWhole: fault === undefined && !url.searchParams.has("fields"),
  });
  if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  send(response, reply, fault?.cutAfterBytes);
}

interface Incoming {
  readonly url: URL;
  readonly http: string;
  /** Undefined: longer than is taken. */
  readonly body: string | undefined;
  readonly request: IncomingMessage;
}

function replyTo(state: State, incoming: Incoming, fault: FaultSpec | undefined, noted: Noted): Reply {
  if (fault?.answer !== undefined) {
    const { status, headers = {}, body } = fault.answer;
    return { status, headers: { "content-type": "application/json; charset=UTF-8", ...headers }, text: body };
  }
  if (fault?.html !== undefined)
    return html(fault.html.status, "<!doctype html><title>Error</title><p>Sorry.</p>");
  try {
    if (fault !== undefined) throwFault(fault);
    if (incoming.body === undefined) throw namedError(413, "uploadTooLarge");
    const reply = route(state, incoming, incoming.body, noted);
    return fault === undefined || reply.json === undefined
      ? reply
      : json(reply.status, spoil(reply.json, fault));
  } catch (error) {
    if (error instanceof Refused) return json(error.status, error.body, error.headers);
    // The stand-in's own mistake: said where it is seen, since a test would only see a broken Google.
    console.error(error);
    return json(500, { error: { code: 500, message: "The stand-in failed; see its output.", errors: [] } });
  }
}

function route(state: State, { url, http, request }: Incoming, body: string, noted: Noted): Reply {
  const { pathname: path, searchParams: query } = url;
  if (path.startsWith(`${API}/`)) {
    const answer = answerApi(
      state,
      { http, path: path.slice(API.length), query, headers: request.headers, body },
      noted,
    );
    return answer === undefined ? { status: 204, headers: {}, text: "" } : json(200, answer);
  }
  if (path === "/o/oauth2/v2/auth" && http === "GET") return shown(showConsent(state, query));
  if (path === "/o/oauth2/v2/auth" && http === "POST") {
    return shown(decideConsent(state, query, new URLSearchParams(body)));
  }
  if (path === "/token" && http === "POST") {
    return json(200, answerToken(state, formOf(request, body), request.headers.authorization));
  }
  if (path === "/revoke" && http === "POST") {
    return json(200, answerRevoke(state, query.get("token") ?? new URLSearchParams(body).get("token")));
  }
  return html(404, "<!doctype html><title>Error 404 (Not Found)</title><p>That's an error.</p>");
}

function formOf(request: IncomingMessage, body: string): URLSearchParams {
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded")) {
    throw oauthError(400, "invalid_request", "Send application/x-www-form-urlencoded.");
  }
  return new URLSearchParams(body);
}

function shown({ status, html: text, location }: Page): Reply {
  if (location === undefined) return html(status, text ?? "");
  return { status, headers: { location }, text: "" };
}

function html(status: number, text: string): Reply {
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, text };
}

function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: {
      "content-type": "application/json; charset=UTF-8",
      "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
      ...headers,
    },
    text: JSON.stringify(body),
    json: body,
  };
}

function send(response: ServerResponse, reply: Reply, cutAfterBytes?: number): void {
  const bytes = Buffer.from(reply.text);
  if (cutAfterBytes === 0) {
    response.destroy();
    return;
  }
  const length = reply.status === 204 ? {} : { "content-length": String(bytes.length) };
  response.writeHead(reply.status, { ...reply.headers, ...length });
  if (cutAfterBytes === undefined || cutAfterBytes >= bytes.length) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, cutAfterBytes), () => response.destroy());
}

export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length <= LARGEST_BODY) chunks.push(bytes);
  }
  return length > LARGEST_BODY ? undefined : Buffer.concat(chunks).toString("utf8");
}

function withoutTokens(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...query].filter(([name]) => !["access_token", "oauth_token", "key"].includes(name)),
  );
}
