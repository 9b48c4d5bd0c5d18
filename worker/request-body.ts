/** Reading a JSON body: capped while it streams, parsed by a schema, refused in one sentence. */

import * as z from "zod/mini";
import { errorResponse } from "./errors.ts";

/** Larger than any body this API takes: a hundred availability overrides with their windows. */
const MAX_BODY_BYTES = 128 * 1024;

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly response: Response };

/** The body as the schema types it, or the 400 or 413 to answer with. */
export async function parseBody<Schema extends z.ZodMiniType>(
  request: Request,
  schema: Schema,
): Promise<Parsed<z.output<Schema>>> {
  const text = await readCapped(request);
  if (text === undefined) {
    return refuse(errorResponse(413, "InvalidRequest", "The body is too large. Send less than 128 KB."));
  }
  return parseJson(text, schema);
}

function parseJson<Schema extends z.ZodMiniType>(text: string, schema: Schema): Parsed<z.output<Schema>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse(errorResponse(400, "InvalidRequest", "The body is not JSON. Send a JSON object."));
  }
  return parseWith(schema, json);
}

/** Checks a value against a schema; the 400 names the first field that is wrong and what is wrong with it. */
export function parseWith<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
): Parsed<z.output<Schema>> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) {
    return { ok: true, value: parsed.data };
  }
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? `\`${issue.path.join(".").slice(0, 100)}\`` : "The request";
  // Issue messages of our schemas never quote the value, so nothing private comes back.
  return refuse(
    errorResponse(400, "InvalidRequest", `${where} is not valid: ${issue?.message ?? "check it"}.`),
  );
}

function refuse(response: Response): { readonly ok: false; readonly response: Response } {
  return { ok: false, response };
}

async function readCapped(request: Request): Promise<string | undefined> {
  if (!request.body) {
    return "";
  }
  // HTTP holds a body to its declared length, so a short one need not be counted.
  const declared = Number(request.headers.get("content-length") ?? Infinity);
  if (declared <= MAX_BODY_BYTES) {
    return request.text();
  }
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      return undefined;
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
