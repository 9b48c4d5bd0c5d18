/** What opens an account on a CalDAV server: where it is, a user name and a password; and who may see them. No I/O. */

import * as z from "zod/mini";
import { isLoopbackUrl } from "../../public-address.ts";
import { parseOutsideUrl } from "../../outside-url.ts";
import type { Access } from "../source.ts";

export interface CalDavAccount {
  /** What the host typed, as an address: the server, or something on it. */
  readonly url: URL;
  readonly username: string;
  readonly password: string;
  /** What the server calls the host as an attendee (RFC 6638 2.4.1), without `mailto:`; known once calendars were looked for. */
  readonly addresses: readonly string[];
}

/** What a host types. */
export interface TypedCalDavAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export type CalDavAccess =
  | { readonly ok: true; readonly access: Access }
  /** For the host: says what to do, and repeats nothing that was typed. */
  | { readonly ok: false; readonly why: string };

const NAME_MAX_LENGTH = 320;
const PASSWORD_MAX_LENGTH = 1_024;
const MAX_ADDRESSES = 50;

/** RFC 7617 2: neither may hold control characters. */
const CONTROL = /[\u0000-\u001f\u007f]/;

const StoredAccess = z.object({
  url: z.string(),
  username: z.string(),
  password: z.string(),
  addresses: z.optional(z.array(z.string())),
});

/**
 * The access to be sealed. The server may be typed as an address with or without a path (`https://caldav.example.com/dav`) or as a bare
 * name (`example.com`).
 * @param allowLoopback also takes servers on this machine, over http where no scheme was typed: local runs only
 */
export function caldavAccess(typed: TypedCalDavAccess, allowLoopback: boolean): CalDavAccess {
  const server = parseOutsideUrl(withScheme(typed.url.trim(), allowLoopback), allowLoopback);
  if (!server.ok) {
    return server;
  }
  const username = typed.username.trim();
  if (username === "" || username.length > NAME_MAX_LENGTH || CONTROL.test(username)) {
    return no("Type the user name with which you sign in to that calendar server.");
  }
  if (username.includes(":")) {
    return no("A user name for a calendar server holds no colon. Type it without.");
  }
  const { password } = typed;
  if (password === "" || password.length > PASSWORD_MAX_LENGTH || CONTROL.test(password)) {
    return no("Type an app password of that calendar server.");
  }
  return { ok: true, access: writtenAccess({ url: server.url, username, password, addresses: [] }) };
}

/** The access as it is sealed. */
export function writtenAccess({ url, username, password, addresses }: CalDavAccount): Access {
  const kept = addresses.filter(({ length }) => length <= NAME_MAX_LENGTH).slice(0, MAX_ADDRESSES);
  return JSON.stringify({
    url: url.href,
    username,
    password,
    ...(kept.length > 0 && { addresses: kept }),
  });
}

/** The account of an access; undefined where it is none, or its address may not be contacted (any more). */
export function parseAccess(access: Access, allowLoopback: boolean): CalDavAccount | undefined {
  const stored = StoredAccess.safeParse(parsedJson(access));
  const server = stored.success ? parseOutsideUrl(stored.data.url, allowLoopback) : undefined;
  if (!stored.success || !server?.ok) {
    return undefined;
  }
  const { username, password, addresses = [] } = stored.data;
  return { url: server.url, username, password, addresses };
}

/** RFC 7617, with names and passwords in UTF-8 (2.1). */
export function basicAuthorization({ username, password }: CalDavAccount): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/**
 * Whether the account's name and password may go there: to the origin that the host typed; and over https also to other ports of
 * that host, to names below it, and to names beside it, which are those below the same parent. So `caldav.example.com` may pass on to
 * `p42-caldav.example.com` or `example.com`, as iCloud does, and `example.com` to `dav.example.com`. What a registry sells names below
 * (`com`, and `co.uk` as far as that can be told from its text) is nobody's parent.
 */
export function mayCarryCredentials({ url: typed }: Pick<CalDavAccount, "url">, url: URL): boolean {
  if (url.origin === typed.origin) {
    return true;
  }
  if (
    url.protocol !== "https:" ||
    typed.protocol !== "https:" ||
    isLoopbackUrl(url) ||
    isLoopbackUrl(typed)
  ) {
    return false;
  }
  const parent = typed.hostname.slice(typed.hostname.indexOf(".") + 1);
  return isWithin(url.hostname, typed.hostname) || (!isRegistry(parent) && isWithin(url.hostname, parent));
}

function isWithin(name: string, parent: string): boolean {
  return name === parent || name.endsWith(`.${parent}`);
}

/** Below two-letter country codes, registries use short words such as `co`, `ac` or `gov`; owners rarely have any. */
function isRegistry(name: string): boolean {
  return !name.includes(".") || /^[a-z]{2,3}\.[a-z]{2}$/.test(name);
}

function withScheme(typed: string, allowLoopback: boolean): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(typed)) {
    return typed;
  }
  const isLocal = allowLoopback && /^(?:localhost|127\.0\.0\.1)(?:[:/]|$)/i.test(typed);
  return `${isLocal ? "http" : "https"}://${typed}`;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function no(why: string): CalDavAccess {
  return { ok: false, why };
}
