/** Which method a request means. */

import type { ApiMethod } from "./api-call.ts";
import { METHODS } from "./methods.ts";

/** Parameters that every method takes. */
export const STANDARD_PARAMETERS: readonly string[] = [
  "alt",
  "fields",
  "key",
  "oauth_token",
  "prettyPrint",
  "quotaUser",
  "userIp",
];

/** The method a request means, and what its path says. */
export function methodFor(
  http: string,
  path: string,
): { readonly method: ApiMethod; readonly path: Record<string, string> } | undefined {
  const asked = path.split("/");
  for (const method of METHODS) {
    if (method.http !== http) continue;
    const pattern = method.path.split("/");
    if (pattern.length !== asked.length) continue;
    const values: Record<string, string> = {};
    const fits = pattern.every((part, at) => {
      const text = asked[at] ?? "";
      if (!part.startsWith("{")) return part === text;
      values[part.slice(1, -1)] = decoded(text);
      return text !== "";
    });
    if (fits) return { method, path: values };
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
