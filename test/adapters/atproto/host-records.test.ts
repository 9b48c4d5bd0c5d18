import type { IncomingMessage, ServerResponse } from "node:http";

import { afterEach, describe, expect, it } from "vitest";

import { readHostRecords } from "../../../adapters/atproto/host-records.ts";
import { createSafeFetch } from "../../../adapters/atproto/safe-fetch.ts";
import { sendJson, startServer } from "./loopback-server.ts";
import type { LoopbackServer } from "./loopback-server.ts";

const DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
const BROKER = "did:web:cal.example.com";
const NOW = Date.UTC(2026, 10, 22);
const AVAILABILITY = "social.schedule.availability";
const MEETING_TYPE = "social.schedule.meetingType";
const PROFILE = "social.schedule.profile";

const createdAt = "2026-11-22T10:00:00.000Z";
const hours = {
  $type: AVAILABILITY,
  name: "Hours",
  timeZone: "Europe/Lisbon",
  weekly: [{ days: ["mo"], start: "09:00", end: "17:00" }],
  createdAt,
};
const coffee = {
  $type: MEETING_TYPE,
  title: "Coffee",
  availability: `at://${DID}/${AVAILABILITY}/hours`,
  durationMinutes: 30,
  createdAt,
};
const profile = { $type: PROFILE, broker: BROKER, createdAt };

/** Values by collection and record key. */
type Repository = Record<string, Record<string, unknown>>;

const published: Repository = {
  [AVAILABILITY]: { hours },
  [MEETING_TYPE]: { coffee },
  [PROFILE]: { self: profile },
  "app.bsky.actor.profile": { self: { $type: "app.bsky.actor.profile", displayName: "Alice\u202E A." } },
};

/** Answers like the reference PDS: newest first, and a cursor on every page that is not empty. */
function answerFrom(
  repository: Repository,
  request: IncomingMessage,
  response: ServerResponse,
  pageSize = 100,
): void {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://pds");
  const collection = searchParams.get("collection") ?? "";
  const records = repository[collection] ?? {};
  const uri = (rkey: string): string => `at://${DID}/${collection}/${rkey}`;
  if (pathname === "/xrpc/com.atproto.repo.getRecord") {
    const rkey = searchParams.get("rkey") ?? "";
    if (rkey in records) {
      sendJson(response, { uri: uri(rkey), cid: "bafy", value: records[rkey] });
    } else {
      sendJson(response, { error: "RecordNotFound", message: `Could not locate record: ${uri(rkey)}` }, 400);
    }
    return;
  }
  const cursor = searchParams.get("cursor") ?? "\uFFFF";
  const page = Object.keys(records)
    .toSorted()
    .toReversed()
    .filter((rkey) => rkey < cursor)
    .slice(0, pageSize);
  sendJson(response, {
    records: page.map((rkey) => ({ uri: uri(rkey), cid: "bafy", value: records[rkey] })),
    cursor: page.at(-1),
  });
}

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function readFrom(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): ReturnType<typeof readHostRecords> {
  server = await startServer(answer);
  const identity = { did: DID, handle: "alice.test", pdsUrl: server.url };
  return readHostRecords(identity, BROKER, createSafeFetch({ allowLoopback: true, timeoutMs: 300 }), NOW);
}

function read(repository: Repository, pageSize?: number): ReturnType<typeof readHostRecords> {
  return readFrom((request, response) => answerFrom(repository, request, response, pageSize));
}

describe("a host's records", () => {
  it("come as checked types, with a name that is plain", async () => {
    expect(await read(published)).toMatchObject({
      ok: true,
      value: {
        did: DID,
        handle: "alice.test",
        displayName: "Alice A.",
        bookable: true,
        availability: [
          { rkey: "hours", timeZone: "Europe/Lisbon", weekly: [{ startMinute: 540, endMinute: 1020 }] },
        ],
        meetingTypes: [{ rkey: "coffee", availabilityRkey: "hours", durationMinutes: 30 }],
        invalid: [],
        readAt: NOW,
      },
    });
  });

  it("of somebody who published nothing are empty and not bookable", async () => {
    const records = await read({});
    expect(records).toMatchObject({
      ok: true,
      value: { bookable: false, availability: [], meetingTypes: [] },
    });
    expect(records.ok && "displayName" in records.value).toBe(false);
  });

  it.each([
    ["is missing", {}],
    ["names another broker", { self: { ...profile, broker: "did:web:other.example.com" } }],
    ["names this broker with something behind", { self: { ...profile, broker: `${BROKER}:x` } }],
    ["is invalid", { self: { ...profile, createdAt: 7 } }],
    ["is of another type", { self: { ...profile, $type: "app.bsky.actor.profile" } }],
  ])("do not make them bookable here when the profile %s", async (_, records) => {
    expect(await read({ ...published, [PROFILE]: records })).toMatchObject({
      ok: true,
      value: { bookable: false },
    });
  });

  it("are read page by page", async () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`hours${index}`, hours]));
    const records = await read({ ...published, [AVAILABILITY]: { ...many, hours } }, 3);
    expect(records.ok && records.value.availability.map(({ rkey }) => rkey)).toHaveLength(10);
    expect(records).toMatchObject({ value: { invalid: [] } });
  });

  it("that are invalid are left out, with a reason for their host", async () => {
    const records = await read({
      ...published,
      [AVAILABILITY]: { hours, broken: { ...hours, timeZone: "Mars/Base" }, garbage: 7 },
      [MEETING_TYPE]: {
        coffee,
        long: { ...coffee, durationMinutes: 100_000 },
        dangling: { ...coffee, availability: `at://${DID}/${AVAILABILITY}/broken` },
      },
    });
    expect(records.ok && records.value.invalid.toSorted((a, b) => a.uri.localeCompare(b.uri))).toEqual([
      { uri: `at://${DID}/${AVAILABILITY}/broken`, reason: expect.stringContaining("timeZone") },
      { uri: `at://${DID}/${AVAILABILITY}/garbage`, reason: expect.stringContaining("object") },
      { uri: `at://${DID}/${MEETING_TYPE}/dangling`, reason: expect.stringContaining("missing or invalid") },
      { uri: `at://${DID}/${MEETING_TYPE}/long`, reason: expect.stringContaining("at most 1440") },
    ]);
    expect(records).toMatchObject({
      value: { availability: [{ rkey: "hours" }], meetingTypes: [{ rkey: "coffee" }] },
    });
  });

  it("that hold in the place of another on their dates are found with it", async () => {
    const summer = {
      ...hours,
      name: "Summer",
      from: "2027-06-01",
      insteadOf: `at://${DID}/${AVAILABILITY}/hours`,
    };
    const records = await read({ ...published, [AVAILABILITY]: { hours, summer } });
    expect(records).toMatchObject({ ok: true, value: { invalid: [] } });
    const found = records.ok ? records.value.availability : [];
    expect(found.find(({ rkey }) => rkey === "hours")?.seasons?.map(({ rkey }) => rkey)).toEqual(["summer"]);
    expect(found.find(({ rkey }) => rkey === "summer")?.seasons).toBeUndefined();
  });

  it("that hold in the place of nothing, or of something that does so itself, are left out", async () => {
    const summer = { ...hours, name: "Summer", insteadOf: `at://${DID}/${AVAILABILITY}/hours` };
    const records = await read({
      ...published,
      [AVAILABILITY]: {
        hours,
        summer,
        chained: { ...summer, insteadOf: `at://${DID}/${AVAILABILITY}/summer` },
        lost: { ...summer, insteadOf: `at://${DID}/${AVAILABILITY}/gone` },
      },
      [MEETING_TYPE]: { coffee, teatime: { ...coffee, availability: `at://${DID}/${AVAILABILITY}/lost` } },
    });
    expect(records.ok && records.value.invalid.toSorted((a, b) => a.uri.localeCompare(b.uri))).toEqual([
      { uri: `at://${DID}/${AVAILABILITY}/chained`, reason: expect.stringContaining('"insteadOf"') },
      { uri: `at://${DID}/${AVAILABILITY}/lost`, reason: expect.stringContaining('"insteadOf"') },
      { uri: `at://${DID}/${MEETING_TYPE}/teatime`, reason: expect.stringContaining("missing or invalid") },
    ]);
  });

  it("beyond the hundred newest are left out, and their host is told", async () => {
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`h${1000 + index}`, hours]));
    const records = await read({ ...published, [AVAILABILITY]: many });
    expect(records.ok && records.value.availability).toHaveLength(100);
    expect(records.ok && records.value.availability[0]?.rkey).toBe("h1119");
    expect(records.ok && records.value.invalid[0]).toEqual({
      uri: `at://${DID}/${AVAILABILITY}`,
      reason: expect.stringContaining("100"),
    });
  });

  it("of another repository, another collection or without a key do not count", async () => {
    const records = await readFrom((request, response) => {
      if (request.url?.includes(`listRecords`) && request.url.includes(AVAILABILITY)) {
        const uris = [
          `at://did:plc:bbbbbbbbbbbbbbbbbbbbbbbb/${AVAILABILITY}/hours`,
          `at://${DID}/${MEETING_TYPE}/hours`,
          `at://${DID}/${AVAILABILITY}/`,
          `at://${DID}/${AVAILABILITY}/a/b`,
          `at://${DID}/${AVAILABILITY}/hours`,
          `at://${DID}/${AVAILABILITY}/hours`,
        ];
        const listed = uris.map((uri, index) => ({ uri, value: { ...hours, name: `Hours ${index}` } }));
        sendJson(response, { records: [...listed, null, {}, "x"] });
      } else {
        answerFrom(published, request, response);
      }
    });
    expect(records.ok && records.value.availability.map(({ name }) => name)).toEqual(["Hours 4"]);
  });

  it("do without a display name when that cannot be read", async () => {
    const records = await readFrom((request, response) => {
      if (request.url?.includes("app.bsky.actor.profile")) {
        sendJson(response, { error: "InternalServerError" }, 500);
      } else {
        answerFrom(published, request, response);
      }
    });
    expect(records).toMatchObject({ ok: true, value: { bookable: true } });
  });
});

describe("a PDS", () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ["that never answers", () => undefined],
    ["whose answers never end", (response) => response.write('{"records":[')],
    ["that answers with a page", (response) => response.end("<html>")],
    ["that answers with nothing", (response) => response.end()],
    ["that answers null", (response) => response.end("null")],
    ["that answers with another shape", (response) => sendJson(response, { records: "none" })],
    ["that fails", (response) => sendJson(response, { error: "InternalServerError" }, 500)],
    ["that redirects", (response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
    ["that sends without end", (response) => response.end("x".repeat(6_000_000))],
    ["that limits the rate", (response) => sendJson(response, { error: "RateLimitExceeded" }, 429)],
  ])("%s makes its host unreachable", async (_, misbehave) => {
    expect(await readFrom((__, response) => misbehave(response))).toMatchObject({
      ok: false,
      refusal: { code: "HostUnreachable", why: expect.stringContaining("alice.test") },
    });
  });

  it.each(["getRecord", "listRecords"])(
    "that fails at %s only makes its host unreachable too",
    async (method) => {
      const records = await readFrom((request, response) => {
        if (request.url?.includes(method)) {
          sendJson(response, {}, 502);
        } else {
          answerFrom(published, request, response);
        }
      });
      expect(records).toMatchObject({ ok: false, refusal: { code: "HostUnreachable" } });
    },
  );

  it("that turns pages for ever is stopped", async () => {
    let page = 0;
    const records = await readFrom((request, response) => {
      if (request.url?.includes("listRecords")) {
        page += 1;
        sendJson(response, { records: [], cursor: `page${page}` });
      } else {
        answerFrom(published, request, response);
      }
    });
    expect(page).toBe(10);
    expect(records).toMatchObject({ ok: true, value: { availability: [] } });
  });

  it.each([
    [{ error: "InvalidRequest", message: `Could not find repo: ${DID}` }],
    [{ error: "RepoDeactivated", message: "Repo has been deactivated" }],
    [{ error: "RepoTakendown", message: "Repo has been taken down" }],
  ])("that has no such account any more says that there is no host: %j", async (error) => {
    const records = await readFrom((request, response) => {
      if (request.url?.includes("listRecords")) {
        sendJson(response, error, 400);
      } else {
        answerFrom({}, request, response);
      }
    });
    expect(records).toMatchObject({ ok: false, refusal: { code: "HostNotFound" } });
  });
});
