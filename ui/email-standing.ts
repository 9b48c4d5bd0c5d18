/** What is known of the reader's address, and what can be done about it. Pure. */

import type { EmailJson } from "../worker/messages-wire.ts";
import { agoLabel } from "./clock-format.ts";
import type { ReturnNotice } from "./calendar-return.ts";

/** `none`: no address is in use. `refused`: there is one, and mail to it came back. */
export type EmailStanding = "not-offered" | "none" | "proved" | "refused";

export function emailStanding({ offered, address, isRefused }: EmailJson): EmailStanding {
  if (!offered) return "not-offered";
  if (address === undefined) return "none";
  return isRefused === true ? "refused" : "proved";
}

/** When the link went there: `just now`, `5 min ago`, a day. `now` in epoch ms. */
export function askedLabel({ at }: NonNullable<EmailJson["asked"]>, now: number, zone: string): string {
  return agoLabel(Date.parse(at), now, zone);
}

/** Where the reader comes back to from their PDS, which was asked for their account's address. */
export const EMAIL_RETURN = "/settings";

/** For `?email=…` of the settings' address; undefined for whoever comes from elsewhere. */
export function emailReturnNotice(search: string): ReturnNotice | undefined {
  switch (new URLSearchParams(search).get("email")) {
    case "taken":
      return { tone: "good", text: "Your account's address is used." };
    case "none":
      return {
        tone: "warn",
        text: "Your PDS gave no confirmed address that can be used, so nothing was changed. Give an address here instead.",
      };
    // Nothing, or what somebody made up.
    case null:
    default:
      return undefined;
  }
}
