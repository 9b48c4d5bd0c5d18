/** Speaks JSON over HTTP with the worker. Answers are values; it never throws and never keeps anything. */

import type { ErrorJson } from "../worker/wire.ts";

/** Why a call gave nothing: the worker's own error, or `Offline` when no answer came at all. */
export interface Failure extends ErrorJson {
  /** HTTP status; 0 when no answer came. */
  status: number;
}

export type Answer<Value> = { ok: true; value: Value } | { ok: false; failure: Failure };

export type Method = "GET" | "POST" | "PUT" | "DELETE";

const OFFLINE: Failure = {
  status: 0,
  error: "Offline",
  message: "The server could not be reached. Check your connection and try again.",
};

/**
 * One call to the worker on this origin. `Value` is the contract of worker/wire.ts, which is trusted.
 * With `keepalive` it arrives even when the page is left meanwhile.
 */
export async function call<Value>(
  method: Method,
  path: string,
  body?: unknown,
  { keepalive = false }: { keepalive?: boolean } = {},
): Promise<Answer<Value>> {
  try {
    const response = await fetch(path, {
      method,
      keepalive,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json: unknown = text === "" ? undefined : parse(text);
    if (response.ok) return { ok: true, value: json as Value };
    return { ok: false, failure: failureFrom(response.status, json) };
  } catch {
    return { ok: false, failure: OFFLINE };
  }
}

/** A query string with the absent values left out; empty when nothing is left. */
export function query(values: Record<string, string | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) search.set(name, value);
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

/**
 * Whether repeating the same call later may help: nothing was decided, or the server was in trouble. Silent calendars of a host may speak
 * again soon, but that they were silent is the answer to this call, and only a new one gets another.
 */
export function mayRepeat({ status, error }: Failure): boolean {
  return status === 0 || (status >= 500 && error !== "CalendarsSilent");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureFrom(status: number, json: unknown): Failure {
  if (typeof json === "object" && json !== null && "error" in json && "message" in json) {
    if (typeof json.error === "string" && typeof json.message === "string") {
      return { status, error: json.error, message: json.message };
    }
  }
  return {
    status,
    error: "UnexpectedAnswer",
    message: "Something went wrong on the server. Please try again.",
  };
}
