/** Leaves for Google, which asks the host and sends them back to the settings. Never sees a token. */

import type { GoogleConsentInput } from "../worker/wire.ts";
import { call, type Failure } from "./api.ts";
import { safeHref } from "./safe-href.ts";
import { forgetSession } from "./session.ts";

/** Starts the consent and leaves this page; answers a failure when it could not. */
export async function goToGoogle(input: GoogleConsentInput): Promise<Failure | undefined> {
  const answer = await call<{ url: string }>("POST", "/api/calendar/google", input);
  if (!answer.ok) {
    if (answer.failure.status === 401) forgetSession();
    return answer.failure;
  }
  const url = safeHref(answer.value.url);
  if (!url) {
    const message = "Google's page has an address this browser cannot open.";
    return { status: 0, error: "UnexpectedAnswer", message };
  }
  location.assign(url);
  return undefined;
}
