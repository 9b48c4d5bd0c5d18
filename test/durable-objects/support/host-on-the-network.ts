/** A host as the authority sees one: a DID document and records behind `fetch`, which a test can hold back or break. */

import { vi } from "vitest";
import { verificationMethodOf } from "./service-token.ts";

export interface HostOnTheNetwork {
  readonly did: string;
  /** Every read of this host waits until `release` is called. Returns once `count` reads are waiting. */
  holdReads(): { untilWaiting(count: number): Promise<void>; release(): void };
  /** From now on the PDS answers this instead of records. */
  breakPds(answer: () => Response | Promise<Response>): void;
  mendPds(): void;
  /** How often the PDS was asked. */
  readonly reads: number;
  /** From now on the host's profile names this broker. */
  setBroker(broker: string): void;
  setMeetingType(rkey: string, fields: Record<string, unknown>): void;
  /** Fields of every availability record the host has, `count` of them. */
  setAvailability(fields: Record<string, unknown>, count?: number): void;
}

const BROKER = "did:web:localhost%3A8787";
const PDS = "http://localhost:2583";
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

interface State {
  readonly did: string;
  availability: Record<string, unknown>[];
  broker: string;
  readonly meetingTypes: Map<string, Record<string, unknown>>;
  reads: number;
  gate: Promise<void> | undefined;
  waiting: number;
  broken: (() => Response | Promise<Response>) | undefined;
}

const hosts = new Map<string, State>();

export type Answer = (request: Request) => Response | Promise<Response>;
const feeds = new Map<string, Answer>();
const servers = new Map<string, Answer>();

/** A new address of an .ics file, which from now on answers like this until it is told otherwise. */
export function feedOnTheNetwork(answer: Answer): { readonly url: string; answers(answer: Answer): void } {
  answerFetches();
  const url = `https://calendars.example.com/${crypto.randomUUID()}/private.ics`;
  feeds.set(url, answer);
  return { url, answers: (next) => void feeds.set(url, next) };
}

/** A new server on the public internet, every request to which is answered like this. */
export function serverOnTheNetwork(answer: Answer): { readonly origin: string } {
  answerFetches();
  const origin = `https://${crypto.randomUUID()}.example.com`;
  servers.set(origin, answer);
  return { origin };
}

/** A new host, open around the clock in UTC, with a 30-minute meeting type `intro` confirmed automatically. */
export function hostOnTheNetwork(): HostOnTheNetwork {
  answerFetches();
  const did = `did:plc:${Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => ALPHABET[byte % 32]).join("")}`;
  const state: State = {
    did,
    availability: [{}],
    broker: BROKER,
    meetingTypes: new Map(),
    reads: 0,
    gate: undefined,
    waiting: 0,
    broken: undefined,
  };
  hosts.set(did, state);
  const host: HostOnTheNetwork = {
    did,
    get reads() {
      return state.reads;
    },
    holdReads() {
      let open = () => {};
      state.gate = new Promise((resolve) => {
        open = resolve;
      });
      return {
        untilWaiting: (count) => vi.waitFor(() => check(state.waiting >= count), { timeout: 5_000 }),
        release() {
          state.gate = undefined;
          open();
        },
      };
    },
    breakPds(answer) {
      state.broken = answer;
    },
    mendPds() {
      state.broken = undefined;
    },
    setBroker(broker) {
      state.broker = broker;
    },
    setAvailability(fields, count = 1) {
      state.availability = Array.from({ length: count }, () => fields);
    },
    setMeetingType(rkey, fields) {
      state.meetingTypes.set(rkey, {
        $type: "social.schedule.meetingType",
        title: "Introduction",
        availability: `at://${did}/social.schedule.availability/3kavailabil22`,
        durationMinutes: 30,
        approval: "automatic",
        createdAt: "2026-01-01T00:00:00.000Z",
        ...fields,
      });
    },
  };
  host.setMeetingType("intro", {});
  return host;
}

function check(condition: boolean): void {
  if (!condition) {
    throw new Error("not yet");
  }
}

function answerFetches(): void {
  if (vi.isMockFunction(globalThis.fetch)) {
    return;
  }
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const feed = feeds.get(url.href);
    if (feed) {
      return feed(request);
    }
    const server = servers.get(url.origin);
    if (server) {
      return server(request);
    }
    const did = decodeURIComponent(url.pathname.slice(1)).startsWith("did:")
      ? decodeURIComponent(url.pathname.slice(1))
      : (url.searchParams.get("repo") ?? url.searchParams.get("did") ?? "");
    const state = hosts.get(did);
    if (!state) {
      return url.pathname.includes("resolveHandle")
        ? Response.json({ did: [...hosts.keys()].at(-1) })
        : Response.json({ message: "DID not registered" }, { status: 404 });
    }
    if (url.origin !== PDS) {
      return Response.json(didDocument(did));
    }
    state.reads += 1;
    state.waiting += 1;
    // What a read finds is what was there when it arrived, however long its answer takes.
    const answer = state.broken ? await state.broken() : recordsAnswer(state, url);
    await state.gate;
    state.waiting -= 1;
    return answer;
  });
}

function didDocument(did: string): object {
  return {
    "@context": ["https://www.w3.org/ns/did/v1"],
    id: did,
    alsoKnownAs: [],
    verificationMethod: [verificationMethodOf(did)],
    service: [{ id: "#atproto_pds", type: "AtprotoPersonalDataServer", serviceEndpoint: PDS }],
  };
}

function recordsAnswer(state: State, url: URL): Response {
  const collection = url.searchParams.get("collection") ?? "";
  const record = (rkey: string, value: unknown) => ({
    uri: `at://${state.did}/${collection}/${rkey}`,
    cid: "bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm",
    value,
  });
  if (url.pathname.endsWith("getRecord")) {
    if (!/^[\w.~:-]{1,512}$/.test(url.searchParams.get("rkey") ?? "")) {
      return Response.json({ error: "InvalidRequest", message: "Invalid record key" }, { status: 400 });
    }
    return collection === "social.schedule.profile"
      ? Response.json(
          record("self", {
            $type: "social.schedule.profile",
            broker: state.broker,
            createdAt: "2026-01-01T00:00:00.000Z",
          }),
        )
      : Response.json({ error: "RecordNotFound", message: "Could not locate record" }, { status: 400 });
  }
  if (collection === "social.schedule.availability") {
    return Response.json({
      records: state.availability.map((fields, index) =>
        record(`3kavailabil${22 + index}`, {
          $type: "social.schedule.availability",
          name: "Always",
          timeZone: "UTC",
          weekly: [{ days: ["mo", "tu", "we", "th", "fr", "sa", "su"], start: "00:00", end: "24:00" }],
          createdAt: "2026-01-01T00:00:00.000Z",
          ...fields,
        }),
      ),
    });
  }
  return Response.json({ records: [...state.meetingTypes].map(([rkey, value]) => record(rkey, value)) });
}
