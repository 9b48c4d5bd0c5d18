/** Bodies of calls, by a schema. */

import type { z } from "zod";
import { invalidParameter, refusal } from "./errors.ts";

/** What the schema makes of a body; what it does not name is ignored, as Google does. @throws Refused 400 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw refusal(400, "parseError", "This API does not support parsing form-encoded input.");
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw invalidParameter(parsed.error.issues[0]?.path.join(".") ?? "resource");
  return parsed.data;
}
