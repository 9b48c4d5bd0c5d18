/** `/calendar/v3`: who calls which method, whether they may, and the answer. */

import type { IncomingHttpHeaders } from "node:http";
import type { ApiMethod } from "./api-call.ts";
import { insufficientScopes, loginRequired, refusal } from "./errors.ts";
import { selectFields } from "./fields.ts";
import { callerOf } from "./grants.ts";
import { STANDARD_PARAMETERS, methodFor } from "./routing.ts";
import { fullScope } from "./scopes.ts";
import type { State } from "./state.ts";

export interface ApiRequest {
  readonly http: string;
  /** Below `/calendar/v3`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the log is told on the way, so that refused calls are logged as well. */
export interface Noted {
  method?: ApiMethod;
  email?: string;
  scopes?: readonly string[];
  unknownParameters: readonly string[];
}

/** The body of the answer; undefined: 204. @throws Refused */
export function answerApi(state: State, request: ApiRequest, noted: Noted): object | undefined {
  const found = methodFor(request.http, request.path);
  if (found === undefined) throw refusal(404, "notFound", "Not Found");
  const { method, path } = found;
  noted.method = method;
  noted.unknownParameters = [...new Set(request.query.keys())].filter(
    (name) => !method.parameters.includes(name) && !STANDARD_PARAMETERS.includes(name),
  );
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw loginRequired();
  const caller = callerOf(state, token);
  noted.email = caller.email;
  noted.scopes = [...caller.scopes];
  if (!method.scopes.some((scope) => caller.scopes.has(scope))) {
    throw insufficientScopes(rpcName(method.id), method.scopes.map(fullScope));
  }
  const ifMatch = request.headers["if-match"];
  const answer = method.handle({
    state,
    caller,
    path,
    query: request.query,
    body: parsed(request),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });
  const fields = request.query.get("fields");
  return answer === undefined || fields === null ? answer : selectFields(answer, fields);
}

function parsed({ http, body }: ApiRequest): unknown {
  if (http === "GET" || body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw refusal(400, "parseError", "Parse Error");
  }
}

/** `calendar.freebusy.query` as `calendar.v3.Freebusy.Query`, which is how newer errors name it. */
function rpcName(id: string): string {
  const [, ...names] = id.split(".");
  return ["calendar.v3", ...names.map((name) => name.charAt(0).toUpperCase() + name.slice(1))].join(".");
}
