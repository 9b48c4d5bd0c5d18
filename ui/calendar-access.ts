/** What opens a calendar, as it is typed, and what is missing. Pure; the worker judges it again, by reading the calendar. */

import type { CalendarAccessInput } from "../worker/wire.ts";

export type TypedKind = CalendarAccessInput["kind"];

/** The fields of all kinds; each kind has some of them. */
export interface AccessDraft {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export const EMPTY_ACCESS: AccessDraft = { url: "", username: "", password: "" };

/** By field; `whole` is about all of them together. */
export type AccessErrors = Partial<Record<keyof AccessDraft | "whole", string>>;

export type AccessResult =
  | { readonly ok: true; readonly value: CalendarAccessInput }
  | { readonly ok: false; readonly errors: AccessErrors };

/** The access that was typed, or what to say at which field. A password stays as it was typed, its spaces too. */
export function accessFrom(kind: TypedKind, draft: AccessDraft): AccessResult {
  const url = draft.url.trim();
  const username = draft.username.trim();
  const { password } = draft;
  if (kind === "feed") {
    return url === ""
      ? { ok: false, errors: { url: "Paste the link to the .ics file." } }
      : { ok: true, value: { kind, url } };
  }
  const errors: AccessErrors = {
    ...(url === "" && { url: "Enter the server's address, such as caldav.fastmail.com." }),
    ...(username === "" && { username: "Enter the user name." }),
    ...(password === "" && { password: "Enter the app password." }),
  };
  return Object.keys(errors).length > 0
    ? { ok: false, errors }
    : { ok: true, value: { kind, url, username, password } };
}

/** Where the worker's answer belongs: it says of a link that the link is wrong, and of an account that something about it is. */
export function refusedAccess(kind: TypedKind, message: string): AccessErrors {
  return kind === "feed" ? { url: message } : { whole: message };
}

/** The topmost field to look at. */
export function firstWrong(errors: AccessErrors): keyof AccessDraft {
  if (errors.whole !== undefined) return "url";
  return (["url", "username", "password"] as const).find((field) => errors[field] !== undefined) ?? "url";
}

/** Well-known servers, to be picked instead of typed. */
export const CALDAV_SERVERS: readonly { readonly name: string; readonly url: string }[] = [
  { name: "iCloud", url: "https://caldav.icloud.com" },
  { name: "Fastmail", url: "https://caldav.fastmail.com" },
  { name: "mailbox.org", url: "https://dav.mailbox.org" },
];
