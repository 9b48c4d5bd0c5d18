/** What a WebDAV server says of several resources at once (RFC 4918 13), and the names by which it is asked. No I/O. */

import { childOf, childrenOf, parseXml } from "./dav-xml.ts";
import type { XmlElement } from "./dav-xml.ts";

export const DAV = "DAV:";
export const CALDAV = "urn:ietf:params:xml:ns:caldav";
export const CALENDAR_SERVER = "http://calendarserver.org/ns/";

/** Begins every body that is sent; declares the prefixes `d`, `c` and `cs`. */
export const NAMESPACES = `xmlns:d="${DAV}" xmlns:c="${CALDAV}" xmlns:cs="${CALENDAR_SERVER}"`;

export interface DavResource {
  /** Absolute, without a fragment. */
  readonly url: URL;
  /** As the server wrote it: some know a resource only by the very same text. */
  readonly href: string;
  /** Where the resource as a whole has one (RFC 4918 14.24); else its properties have theirs. */
  readonly status?: number;
  /** The properties that came with 200. */
  readonly properties: readonly XmlElement[];
}

/**
 * The resources of a multistatus; undefined for a body that is none, or one whose addresses or statuses make no sense.
 * @param base what relative addresses are relative to: the address that answered
 */
export function parseMultistatus(bytes: Uint8Array, base: URL): readonly DavResource[] | undefined {
  const root = parseXml(new TextDecoder().decode(bytes));
  if (root?.name !== "multistatus" || root.namespace !== DAV) {
    return undefined;
  }
  const resources: DavResource[] = [];
  for (const response of childrenOf(root, DAV, "response")) {
    const statusLine = childOf(response, DAV, "status");
    const status = statusOf(statusLine);
    const hrefs = childrenOf(response, DAV, "href");
    if (hrefs.length === 0 || (statusLine !== undefined && status === undefined)) {
      return undefined;
    }
    const properties = childrenOf(response, DAV, "propstat")
      .filter((propstat) => statusOf(childOf(propstat, DAV, "status")) === 200)
      .flatMap((propstat) => childOf(propstat, DAV, "prop")?.children ?? []);
    for (const element of hrefs) {
      const url = urlOfHref(element, base);
      if (url === undefined) {
        return undefined;
      }
      resources.push({ url, href: element.text.trim(), properties, ...(status !== undefined && { status }) });
    }
  }
  return resources;
}

/** The property, where it was given. */
export function propertyOf(
  { properties }: Pick<DavResource, "properties">,
  namespace: string,
  name: string,
): XmlElement | undefined {
  return properties.find((property) => property.name === name && property.namespace === namespace);
}

/** The text of a property without white space around it, undefined where there is none. */
export function textOfProperty(resource: DavResource, namespace: string, name: string): string | undefined {
  return propertyOf(resource, namespace, name)?.text.trim() || undefined;
}

/** The address in an element of DAV:href, undefined where it makes no sense. */
export function urlOfHref(href: XmlElement, base: URL): URL | undefined {
  const written = href.text.trim();
  if (written === "" || !URL.canParse(written, base.href)) {
    return undefined;
  }
  const url = new URL(written, base.href);
  // Servers behind a proxy often do not know that they are asked over https.
  if (url.protocol === "http:" && base.protocol === "https:" && url.hostname === base.hostname) {
    url.protocol = base.protocol;
    url.port = base.port;
  }
  url.hash = "";
  return url;
}

/** The addresses in a property that holds some (RFC 4791 6.2.1), in order. */
export function urlsOfProperty(
  resource: DavResource,
  namespace: string,
  name: string,
  base: URL,
): readonly URL[] {
  return childrenOf(propertyOf(resource, namespace, name), DAV, "href")
    .map((href) => urlOfHref(href, base))
    .filter((url) => url !== undefined);
}

/** Whether two addresses are the same resource, however each of them is percent-encoded, and with a slash at the end or without. */
export function sameResource(a: URL, b: URL): boolean {
  return resourceKey(a) === resourceKey(b);
}

/** One text for all the ways to write an address. */
export function resourceKey({ origin, pathname, search }: URL): string {
  return origin + decodedPath(pathname).replace(/\/+$/, "") + search;
}

/** A path as people read it; as it is where its encoding is broken. */
export function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function statusOf(line: XmlElement | undefined): number | undefined {
  const code = /^HTTP\/\d+(?:\.\d+)?\s+(\d{3})(?!\d)/.exec(line?.text.trim() ?? "")?.[1];
  return code === undefined ? undefined : Number(code);
}
