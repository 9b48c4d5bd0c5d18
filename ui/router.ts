/** The address bar as state: matching paths, moving between pages, following links. Never loads a page's code. */

import { useEffect, useState } from "preact/hooks";

export type Params = Readonly<Record<string, string>>;

/** Matches `/book/:actor` against a pathname; parameters are percent-decoded. Undefined when it does not match. */
export function matchPath(pattern: string, pathname: string): Params | undefined {
  const wanted = segmentsOf(pattern);
  const given = segmentsOf(pathname);
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const actual = given[index] ?? "";
    if (!part.startsWith(":")) {
      if (part !== actual) return undefined;
      continue;
    }
    try {
      params[part.slice(1)] = decodeURIComponent(actual);
    } catch {
      return undefined;
    }
  }
  return params;
}

/** A path on this origin, or undefined: what may be given to `navigate` when it came from a query string. */
export function ownPath(path: string | null | undefined): string | undefined {
  if (!path || !path.startsWith("/") || /[\\\u0000-\u001f]/.test(path) || path.startsWith("//"))
    return undefined;
  return path;
}

/** A path segment for an actor or record key; colons stay readable, as in `/book/did:plc:…`. */
export function segment(value: string): string {
  return encodeURIComponent(value).replaceAll("%3A", ":");
}

/** A query string with some values set, or taken out where undefined; the others stay. */
export function searchWith(search: string, changes: Readonly<Record<string, string | undefined>>): string {
  const values = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) values.delete(name);
    else values.set(name, value);
  }
  const text = values.toString();
  return text === "" ? "" : `?${text}`;
}

export interface Place {
  readonly pathname: string;
  readonly search: string;
  /** With its `#`; empty without one. */
  readonly hash: string;
}

const listeners = new Set<() => void>();

/** Moves to another page of this application without loading the document again. */
export function navigate(path: string, options: { replace?: boolean } = {}): void {
  if (options.replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  for (const listener of listeners) listener();
}

/** The current place; renders again when it changes. */
export function usePlace(): Place {
  const [place, setPlace] = useState(currentPlace);
  useEffect(() => {
    const update = (): void => setPlace(currentPlace());
    listeners.add(update);
    addEventListener("popstate", update);
    return () => {
      listeners.delete(update);
      removeEventListener("popstate", update);
    };
  }, []);
  return place;
}

/** Lets plain `<a href>` elements move within the application; everything unusual stays with the browser. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (/^\/(api|oauth|\.well-known)\//.test(link.pathname)) return;
  if (link.hash && link.pathname === location.pathname) return;
  event.preventDefault();
  navigate(link.pathname + link.search + link.hash);
}

function currentPlace(): Place {
  return { pathname: location.pathname, search: location.search, hash: location.hash };
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}
