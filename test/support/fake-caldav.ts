/** A small CalDAV server with one calendar, on which each kind of answer can be replaced by a wrong one. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { startServer } from "../adapters/atproto/loopback-server.ts";
import type { LoopbackServer } from "../adapters/atproto/loopback-server.ts";

/** What it is asked for. `state` is the Depth 0 PROPFIND before a calendar is read. */
export type Step =
  | "start"
  | "principal"
  | "home"
  | "state"
  | "listing"
  | "multiget"
  | "query"
  | "put"
  | "delete";

export interface WrongAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A WrongAnswer in place of the right one, or whatever it does with the response. */
export type Fault = WrongAnswer | ((answer: ServerResponse, right: string) => void);

export interface FakeCalDav extends LoopbackServer {
  readonly username: string;
  readonly password: string;
  readonly calendar: URL;
  /** From now on, each time it is asked for that. */
  breaks(step: Step, fault: Fault): void;
  /** By name, without `.ics`; `undefined` is listed but never handed out. */
  readonly resources: Map<string, string | undefined>;
  readonly steps: Step[];
  /** Authorization headers it has seen. */
  readonly credentials: Set<string | undefined>;
}

const MULTISTATUS =
  '<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:cs="http://calendarserver.org/ns/">';

export async function startFakeCalDav(): Promise<FakeCalDav> {
  const faults = new Map<Step, Fault>();
  const resources = new Map<string, string | undefined>();
  const steps: Step[] = [];
  const credentials = new Set<string | undefined>();
  const server = await startServer((request, answer) => {
    let body = "";
    request.on("data", (part: Buffer) => {
      body += part.toString();
    });
    request.on("end", () => {
      const step = stepOf(request, body);
      steps.push(step);
      credentials.add(request.headers.authorization);
      const right = multistatus(rightAnswer(step, body, resources));
      const fault = faults.get(step);
      if (typeof fault === "function") {
        fault(answer, right);
      } else {
        const { status = step === "put" || step === "delete" ? 204 : 207, headers = {} } = fault ?? {};
        answer.writeHead(status, { "content-type": "application/xml", ...headers });
        answer.end(status === 204 ? undefined : (fault?.body ?? right));
      }
    });
  });
  return {
    ...server,
    username: "alice",
    password: "secret",
    calendar: new URL("/home/work/", server.url),
    breaks: (step, fault) => void faults.set(step, fault),
    resources,
    steps,
    credentials,
  };
}

/** The elements of one response. */
export function multistatus(responses: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>${MULTISTATUS}${responses}</d:multistatus>`;
}

export function response(href: string, properties: string): string {
  return `<d:response><d:href>${href}</d:href><d:propstat><d:prop>${properties}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
}

const CALENDAR = "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>";

function rightAnswer(step: Step, body: string, resources: ReadonlyMap<string, string | undefined>): string {
  switch (step) {
    case "start":
      return response("/", "<d:current-user-principal><d:href>/me/</d:href></d:current-user-principal>");
    case "principal":
      return response("/me/", "<c:calendar-home-set><d:href>/home/</d:href></c:calendar-home-set>");
    case "home":
      return (
        response("/home/", "<d:resourcetype><d:collection/></d:resourcetype>") +
        response("/home/work/", `${CALENDAR}<d:displayname>Work</d:displayname>`)
      );
    case "state":
      return response("/home/work/", `${CALENDAR}<d:sync-token>t1</d:sync-token>`);
    case "listing":
    case "query":
      return (
        response("/home/work/", CALENDAR) +
        [...resources.keys()].map((name) => response(hrefOf(name), "<d:getetag>1</d:getetag>")).join("")
      );
    case "multiget":
      return [...resources]
        .filter(([name, text]) => text !== undefined && body.includes(`>${hrefOf(name)}<`))
        .map(([name, text]) =>
          response(hrefOf(name), `<c:calendar-data><![CDATA[${text}]]></c:calendar-data>`),
        )
        .join("");
    case "put":
    case "delete":
      return "";
  }
}

function hrefOf(name: string): string {
  return `/home/work/${name}.ics`;
}

function stepOf({ method, url = "", headers }: IncomingMessage, body: string): Step {
  if (method === "PUT") return "put";
  if (method === "DELETE") return "delete";
  if (method === "REPORT") return body.includes("calendar-multiget") ? "multiget" : "query";
  if (url === "/me/") return "principal";
  if (url === "/home/") return "home";
  if (url === "/home/work/") return headers.depth === "1" ? "listing" : "state";
  return "start";
}
