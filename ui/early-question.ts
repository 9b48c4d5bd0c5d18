/** Asks for what the first page will need while that page's code is still on its way. An answer is used once, and never kept. */

import { call, type Answer } from "./api.ts";

const asked = new Map<string, Promise<Answer<unknown>>>();

/** Begins a GET whose answer `askOnce` will take. */
export function askEarly(path: string): void {
  asked.set(path, call<unknown>("GET", path));
}

/** The answer that is on its way already, or that of a new GET. `Value` is the contract of worker/wire.ts, as in `call`. */
export function askOnce<Value>(path: string): Promise<Answer<Value>> {
  const early = asked.get(path);
  asked.delete(path);
  return early === undefined ? call<Value>("GET", path) : (early as Promise<Answer<Value>>);
}
