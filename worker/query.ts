/** Reading a query: each parameter at most once, parsed by a schema, refused in one sentence. */

import type * as z from "zod/mini";
import { errorResponse } from "./errors.ts";
import { type Parsed, parseWith } from "./request-body.ts";

/**
 * The query as the schema types it, or the 400 to answer with. An empty parameter counts as absent, as forms send them. Of two that
 * differ, no reader could know which one was meant.
 */
export function parseQuery<Schema extends z.ZodMiniType>(url: URL, schema: Schema): Parsed<z.output<Schema>> {
  const entries = [...url.searchParams].filter(([, value]) => value !== "");
  return new Set(entries.map(([name]) => name)).size === entries.length
    ? parseWith(schema, Object.fromEntries(entries))
    : {
        ok: false,
        response: errorResponse(400, "InvalidRequest", "A parameter is given twice. Give each at most once."),
      };
}
