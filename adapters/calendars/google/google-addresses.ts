/** Where Google is, and whether this broker is known there. No I/O. */

import { parseOutsideUrl } from "../../outside-url.ts";
import type { SourceSettings } from "../source.ts";

/** All without a slash at the end. */
export interface GoogleAddresses {
  /** Where people are sent to consent. */
  readonly consent: string;
  /** RFC 6749 3.2. */
  readonly token: string;
  /** RFC 7009. */
  readonly revoke: string;
  /** The Calendar API, version 3. */
  readonly calendar: string;
}

const GOOGLE: GoogleAddresses = {
  consent: "https://accounts.google.com/o/oauth2/v2/auth",
  token: "https://oauth2.googleapis.com/token",
  revoke: "https://oauth2.googleapis.com/revoke",
  calendar: "https://www.googleapis.com/calendar/v3",
};

/**
 * Google's addresses, or the same paths below GOOGLE_URL. Undefined where this broker is not known to Google, or where GOOGLE_URL may
 * not be contacted: plain http is for loopback in local runs only.
 */
export function googleAddresses(settings: SourceSettings): GoogleAddresses | undefined {
  if (settings.GOOGLE_CLIENT_ID === "") {
    return undefined;
  }
  if (settings.GOOGLE_URL === "") {
    return GOOGLE;
  }
  const base = parseOutsideUrl(settings.GOOGLE_URL, settings.ALLOW_LOOPBACK === "true");
  if (!base.ok) {
    return undefined;
  }
  const root = `${base.url.origin}${base.url.pathname}`.replace(/\/+$/, "");
  return {
    consent: `${root}/o/oauth2/v2/auth`,
    token: `${root}/token`,
    revoke: `${root}/revoke`,
    calendar: `${root}/calendar/v3`,
  };
}
