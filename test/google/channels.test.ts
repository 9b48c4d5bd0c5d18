import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { startCheckedGoogle } from "./support/checked-google.ts";
import type { CheckedGoogle } from "./support/checked-google.ts";
import { CLIENT, call, signIn } from "./support/visitor.ts";
import type { Answer } from "./support/visitor.ts";

const ALICE = "alice@gmail.example";
const EVENTS = "/calendars/primary/events";
const DAY = 86_400_000;

let google: CheckedGoogle;
let accessToken: string;
let receiver: Server;
let address: string;
let heard: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
let answers: number[] = [];
let channels = 0;

beforeAll(async () => {
  google = await startCheckedGoogle();
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString("utf8");
    });
    request.on("end", () => {
      heard.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 200).end();
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const bound = receiver.address();
  address = typeof bound === "object" && bound !== null ? `http://127.0.0.1:${bound.port}/hook` : "";
});
afterAll(async () => {
  await google.stop();
  receiver.close();
  expect(google.problems).toEqual([]);
});

beforeEach(async () => {
  google.revokeGrant({ email: ALICE }); // Ends the channels of the test before.
  google.seed({
    clients: [CLIENT],
    accounts: [{ email: ALICE }],
    calendars: [{ id: "team", summary: "Team", owner: ALICE }],
  });
  google.dropNotifications({ isOn: false });
  accessToken = (await signIn(google, ALICE, "calendar.events.freebusy", "calendar.calendarlist.readonly"))
    .access_token;
  heard = [];
  answers = [];
});

interface Channel {
  readonly id: string;
  readonly resourceId: string;
  readonly expiration: string;
}

async function watch(more: object = {}, path = `${EVENTS}/watch`): Promise<Answer> {
  channels += 1;
  const body = { id: `channel-${channels}`, type: "web_hook", address, token: "told", ...more };
  return call(google, accessToken, `POST /${path.slice(1)}`, body);
}
const change = (calendar = ALICE): unknown =>
  google.seed({ events: [{ calendar, start: "2026-10-19T10:00:00Z" }] });
const statesHeard = (): unknown[] => heard.map(({ headers }) => headers["x-goog-resource-state"]);

describe("a channel", () => {
  it("is opened with a sync message, and told of changes without their contents", async () => {
    const { body } = await watch();
    const { id, resourceId, expiration } = body as Channel;
    expect(body).toMatchObject({
      kind: "api#channel",
      resourceUri: `${google.url}/calendar/v3/calendars/${encodeURIComponent(ALICE)}/events?alt=json`,
      token: "told",
    });
    await google.settled();
    change();
    await google.settled();
    expect(statesHeard()).toEqual(["sync", "exists"]);
    expect(heard.map((message) => message.body)).toEqual(["", ""]);
    expect(heard[1]?.headers).toMatchObject({
      "x-goog-channel-id": id,
      "x-goog-channel-token": "told",
      "x-goog-channel-expiration": new Date(Number(expiration)).toUTCString(),
      "x-goog-resource-id": resourceId,
      "x-goog-message-number": "2",
    });
  });

  it("hears once of changes that follow each other at once, and nothing of other calendars", async () => {
    await watch();
    change();
    change();
    change("team");
    await google.settled();
    expect(statesHeard()).toEqual(["sync", "exists"]);
  });

  it("hears of the list of calendars where it watches that", async () => {
    await watch({}, "/users/me/calendarList/watch");
    google.seed({ calendars: [{ id: "new", summary: "New", owner: ALICE }] });
    await google.settled();
    expect(statesHeard()).toEqual(["sync", "exists"]);
  });

  it("lives a week at most, whatever is asked for, and is silent then", async () => {
    const asked = await watch({ expiration: String(Date.now() + 60 * DAY) });
    expect(Number((asked.body as Channel).expiration)).toBeLessThanOrEqual(Date.now() + 7 * DAY);
    const short = await watch({ params: { ttl: "60" } });
    expect(Number((short.body as Channel).expiration)).toBeLessThanOrEqual(Date.now() + 60_000);
    await google.settled();
    google.advance({ ms: 7 * DAY });
    change();
    await google.settled();
    expect(statesHeard()).toEqual(["sync", "sync"]);
  });

  it("is stopped by who opened it, by both ids, once", async () => {
    const { body } = await watch();
    const { id, resourceId } = body as Channel;
    const stop = (stopped: object): Promise<Answer> =>
      call(google, accessToken, "POST /channels/stop", stopped);
    expect((await stop({ id, resourceId: "another" })).status).toBe(404);
    expect((await stop({ id, resourceId })).status).toBe(204);
    expect((await stop({ id, resourceId })).status).toBe(404);
    await google.settled();
    heard = [];
    change();
    await google.settled();
    expect(heard).toEqual([]);
  });

  it("ends with the grant", async () => {
    await watch();
    await google.settled();
    google.revokeGrant({ email: ALICE });
    change();
    await google.settled();
    expect(statesHeard()).toEqual(["sync"]);
  });

  it.each([
    ["required", { id: "" }],
    ["channelIdInvalid", { id: "x".repeat(65) }],
    ["channelUnknown", { type: "pigeon" }],
    ["push.webhookUrlNotHttps", { address: "http://broker.example/hook" }],
    ["invalid", { token: "x".repeat(257) }],
    ["invalid", { expiration: "1" }],
  ])("is refused with 400 %s: %o", async (reason, more) => {
    const { status, body } = await watch(more);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { errors: [{ reason }] } });
  });

  it("needs an id of its own", async () => {
    await watch({ id: "same" });
    expect((await watch({ id: "same" })).body).toMatchObject({
      error: { errors: [{ reason: "channelIdNotUnique" }] },
    });
  });
});

describe("a notification", () => {
  it("is sent again after 503, and not after 404", async () => {
    answers = [503, 200, 404];
    await watch();
    await google.settled();
    change();
    await google.settled();
    expect(statesHeard()).toEqual(["sync", "sync", "exists"]);
    expect(google.deliveries().slice(-2)).toMatchObject([
      { state: "sync", status: 200, outcome: "delivered" },
      { state: "exists", status: 404, outcome: "failed" },
    ]);
  });

  it("can get lost", async () => {
    google.dropNotifications({ isOn: true });
    await watch();
    await google.settled();
    expect(heard).toEqual([]);
    expect(google.deliveries().at(-1)).toMatchObject({ state: "sync", outcome: "dropped" });
  });
});
