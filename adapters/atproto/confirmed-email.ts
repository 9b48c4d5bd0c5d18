/** The e-mail address that a person has confirmed at their own PDS, where they let us read it. Never logs what it reads. */

import * as z from "zod/mini";
import { isMailAddress } from "../ics/mail-address.ts";
import { readJsonCapped } from "./safe-fetch.ts";

/** `OAuthSession.fetchHandler`: sends a call to the person's PDS, with their tokens, within its time limit. */
type SendToPds = (path: string, init: RequestInit) => Promise<Response>;

/** With a DID document in it, the answer has a few kilobytes. */
const MAX_BYTES = 64 * 1024;

/** `com.atproto.server.getSession`. A PDS leaves out what a token may not read. */
const sessionAnswer = z.object({
  did: z.string(),
  email: z.string().check(z.maxLength(254)),
  emailConfirmed: z.literal(true),
});

/** Undefined where there is none, it is not confirmed, it is no plain address, or the PDS does not say. Never throws. */
export async function confirmedEmail(send: SendToPds, did: string): Promise<string | undefined> {
  try {
    const response = await send("/xrpc/com.atproto.server.getSession", { method: "GET" });
    const answer = sessionAnswer.safeParse(await readJsonCapped(response, MAX_BYTES));
    const isTheirs = response.ok && answer.success && answer.data.did === did;
    return isTheirs && isMailAddress(answer.data.email) ? answer.data.email : undefined;
  } catch {
    return undefined;
  }
}
