/** The stand-in, with every answer it gives held against Google's own description. */

import { z } from "zod";
import { startGoogle } from "../stand-in.ts";
import type { Google, GoogleOptions } from "../stand-in.ts";
import { problemsOf } from "./published-types.ts";

/** Errors are in no schema of the Calendar API; this is their form in Google's guide, and in newer answers. */
const ErrorBody = z.strictObject({
  error: z.strictObject({
    code: z.number(),
    message: z.string().min(1),
    errors: z.tuple([
      z.strictObject({
        domain: z.enum(["global", "calendar", "usageLimits"]),
        reason: z.string().min(1),
        message: z.string().min(1),
        location: z.string().optional(),
        locationType: z.enum(["parameter", "header"]).optional(),
      }),
    ]),
    status: z.enum(["UNAUTHENTICATED", "PERMISSION_DENIED"]).optional(),
    details: z.array(z.object({ "@type": z.string() })).optional(),
  }),
});

export interface CheckedGoogle extends Google {
  /** What was wrong with answers so far; a test file expects none at its end. */
  readonly problems: readonly string[];
  /** How many answers were checked. */
  checked(): number;
}

/** As {@link startGoogle}. */
export async function startCheckedGoogle(options: GoogleOptions = {}): Promise<CheckedGoogle> {
  const problems: string[] = [];
  let checked = 0;
  const google = await startGoogle({
    ...options,
    onAnswer: ({ api, schema, status, body, isWhole }) => {
      if (api === undefined || !isWhole) return;
      checked += 1;
      const told = (problem: string): void => void problems.push(`${api} ${status}: ${problem}`);
      if (status >= 400) {
        const error = ErrorBody.safeParse(body);
        if (!error.success) told(error.error.message);
        else if (error.data.error.code !== status) told("the code is not the status");
      } else if (schema === undefined) {
        if (status !== 204 || body !== undefined) told("there should be no body");
      } else {
        for (const problem of problemsOf(schema, body)) told(problem);
      }
    },
  });
  return { ...google, problems, checked: () => checked };
}
