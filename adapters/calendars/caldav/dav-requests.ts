/** Asks a CalDAV server in one account's name, within one time limit for all that belongs together. Knows nothing of calendars. */

import type { CalendarProblem } from "../../../scheduling/refusal.ts";
import { basicAuthorization, mayCarryCredentials } from "./caldav-access.ts";
import type { CalDavAccount } from "./caldav-access.ts";
import { NAMESPACES, parseMultistatus, sameResource } from "./dav-multistatus.ts";
import type { DavResource } from "./dav-multistatus.ts";
import { createOutsideFetch } from "../../outside-fetch.ts";
import { retryAfterMsIn } from "../retry-after.ts";
import type { SourceSettings } from "../source.ts";

export interface DavFailure {
  readonly kind: "failed";
  readonly problem: CalendarProblem;
  readonly retryAfterMs?: number;
  /** Absent where no whole answer came. */
  readonly status?: number;
  /** What the server said beside the status, and which address it was that said so; hostile, and maybe private. */
  readonly said?: { readonly bytes: Uint8Array; readonly url: URL };
}

export interface DavRequest {
  readonly method: "PROPFIND" | "REPORT" | "PUT" | "DELETE";
  readonly depth?: 0 | 1;
  readonly contentType?: string;
  readonly body?: string;
}

export interface Multistatus {
  readonly kind: "multistatus";
  readonly resources: readonly DavResource[];
  /** Who answered, after redirects. */
  readonly url: URL;
  /** How long the answer was. */
  readonly size: number;
}

/** The ways to ask. None throws. Where a multistatus says of the very address that was asked that it failed, so did the request. */
export interface Dav {
  /** Done is any 2xx, but for a 207 that names a failure: some servers answer so although they were asked about one resource only. */
  send(url: URL, request: DavRequest): Promise<{ readonly kind: "done" } | DavFailure>;
  /** PROPFIND (RFC 4918 9.1) for the properties written in `prop`, as XML with the prefixes of NAMESPACES. */
  propfind(url: URL, depth: 0 | 1, prop: string): Promise<Multistatus | DavFailure>;
  /** REPORT (RFC 3253 3.6); `element` and `body` are XML with the same prefixes. */
  report(url: URL, depth: 0 | 1, element: string, body: string): Promise<Multistatus | DavFailure>;
}

const XML = "application/xml; charset=utf-8";

/**
 * Asks for `account` until `deadline`. Its name and password go with each request, and nowhere that they may not go; where a server
 * sends them there, that is `refused-address`. `now` in epoch ms.
 */
export function createDav(
  account: CalDavAccount,
  settings: SourceSettings,
  deadline: AbortSignal,
  now: number,
): Dav {
  const outsideFetch = createOutsideFetch({ allowLoopback: settings.ALLOW_LOOPBACK === "true", deadline });
  const trusts = (url: URL): boolean => mayCarryCredentials(account, url);
  const ask = async (url: URL, { method, depth, contentType = XML, body }: DavRequest) => {
    if (!trusts(url)) {
      return failed("refused-address");
    }
    const answer = await outsideFetch(url.href, {
      method,
      headers: {
        authorization: basicAuthorization(account),
        "user-agent": `atproto-cal (+${settings.PUBLIC_URL})`,
        ...(depth !== undefined && { depth: String(depth) }),
        ...(body !== undefined && { "content-type": contentType }),
      },
      ...(body !== undefined && { body }),
      trusts,
    });
    if (answer.kind === "failed") {
      return failed(answer.reason === "too-many-redirects" ? "unreachable" : answer.reason);
    }
    const { status, headers } = answer;
    return status >= 200 && status < 300
      ? answer
      : { ...problemOf(status, headers, now), status, said: answer };
  };
  const askMany = async (url: URL, request: DavRequest): Promise<Multistatus | DavFailure> => {
    const answer = await ask(url, request);
    if (answer.kind === "failed") {
      return answer;
    }
    // A server that is none answers with a page; 200 with something like a multistatus is promised by nobody either.
    const resources = answer.status === 207 ? parseMultistatus(answer.bytes, answer.url) : undefined;
    if (resources === undefined) {
      return failed("not-a-calendar");
    }
    const status = resources.find((resource) => sameResource(resource.url, answer.url))?.status ?? 200;
    if (status !== 200) {
      return { ...problemOf(status, answer.headers, now), status };
    }
    return { kind: "multistatus", resources, url: answer.url, size: answer.bytes.length };
  };
  return {
    send: async (url, request) => {
      const answer = await ask(url, request);
      if (answer.kind === "failed" || answer.status !== 207) {
        return answer.kind === "failed" ? answer : { kind: "done" };
      }
      const resources = parseMultistatus(answer.bytes, answer.url) ?? [{ status: 500 }];
      const status = resources.map((resource) => resource.status ?? 500).find((code) => code >= 300);
      return status === undefined
        ? { kind: "done" }
        : { ...problemOf(status, answer.headers, now), status, said: answer };
    },
    propfind: (url, depth, prop) =>
      askMany(url, {
        method: "PROPFIND",
        depth,
        body: `${PROLOGUE}<d:propfind ${NAMESPACES}><d:prop>${prop}</d:prop></d:propfind>`,
      }),
    report: (url, depth, element, body) =>
      askMany(url, {
        method: "REPORT",
        depth,
        body: `${PROLOGUE}<${element} ${NAMESPACES}>${body}</${element}>`,
      }),
  };
}

/** The resource that was asked about, in an answer to Depth 0: the only one, whatever it calls itself; or why there is none. */
export function resourceAt({ resources, url }: Multistatus): DavResource | DavFailure {
  const resource = resources.find((candidate) => sameResource(candidate.url, url)) ?? resources[0];
  const status = resource?.status ?? 200;
  if (resource === undefined) {
    return failed("not-a-calendar");
  }
  return status === 200 ? resource : { ...problemOf(status, new Headers(), 0), status };
}

const PROLOGUE = '<?xml version="1.0" encoding="utf-8"?>\n';

function problemOf(status: number, headers: Headers, now: number): DavFailure {
  const retryAfterMs = retryAfterMsIn(headers, now);
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) {
    return {
      kind: "failed",
      problem: "rate-limited",
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }
  switch (status) {
    case 401:
    case 403:
      return failed("unauthorized");
    case 404:
    case 410:
      return failed("not-found");
    // Whoever does not know PROPFIND keeps no calendars.
    case 405:
    case 501:
      return failed("not-a-calendar");
    // Of an answer, not of a disk: there is more than the server tells (RFC 4791 7.8).
    case 507:
      return failed("too-large");
    default:
      return failed("server-error");
  }
}

function failed(problem: CalendarProblem): DavFailure {
  return { kind: "failed", problem };
}
