/** A call to the Calendar API, as its methods see it, and what a method is. */

import type { calendar_v3 } from "@googleapis/calendar";
import type { Caller } from "./accounts.ts";
import type { Grant, State } from "./state.ts";

export interface ApiCall {
  readonly state: State;
  readonly caller: Caller & { readonly grant: Grant };
  /** What stands in the path, by Google's names. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined: there was none. */
  readonly body: unknown;
  readonly ifMatch?: string;
}

/** Google's schemas of answers, by the names they have in the discovery document. */
export interface AnswerSchemas {
  readonly CalendarList: calendar_v3.Schema$CalendarList;
  readonly CalendarListEntry: calendar_v3.Schema$CalendarListEntry;
  readonly Calendar: calendar_v3.Schema$Calendar;
  readonly FreeBusyResponse: calendar_v3.Schema$FreeBusyResponse;
  readonly Event: calendar_v3.Schema$Event;
  readonly Events: calendar_v3.Schema$Events;
  readonly Channel: calendar_v3.Schema$Channel;
}

export interface ApiMethod {
  /** As in the discovery document, such as `calendar.freebusy.query`. */
  readonly id: string;
  readonly http: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/calendar/v3`. */
  readonly path: string;
  /** Short names; any one of them will do. */
  readonly scopes: readonly string[];
  /** In the query. */
  readonly parameters: readonly string[];
  /** Of the answer; undefined: it has no body. */
  readonly schema: keyof AnswerSchemas | undefined;
  readonly handle: (call: ApiCall) => object | undefined;
}

/** A method whose answer is of that schema, which the compiler checks. */
export function answering<Name extends keyof AnswerSchemas>(
  schema: Name,
  method: Omit<ApiMethod, "schema" | "handle">,
  handle: (call: ApiCall) => AnswerSchemas[Name],
): ApiMethod {
  return { ...method, schema, handle };
}

/** A method that answers 204. */
export function silent(
  method: Omit<ApiMethod, "schema" | "handle">,
  handle: (call: ApiCall) => void,
): ApiMethod {
  return {
    ...method,
    schema: undefined,
    handle: (call) => {
      handle(call);
      return undefined;
    },
  };
}
