import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { upsertBookings } from "../../adapters/d1/booking-rows.ts";
import type { Booking } from "../../scheduling/booking.ts";
import type { BookingListJson } from "../../worker/wire.ts";
import { Visitor } from "./support/visitor.ts";

const HOUR_MS = 60 * 60_000;
const NOW = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;

let people = 0;
function newDid(): string {
  people += 1;
  return `did:plc:${String(people).padStart(24, "a")}`;
}

/** A host with bookings at these hours from now, as D1 has them; two may share an hour. */
async function hostWith(hours: readonly number[], fields: Partial<Booking> = {}): Promise<string> {
  const did = newDid();
  const bookings = hours.map((hour, index): Booking => ({
    uid: `${did.slice(8)}-${index}`,
    sequence: 0,
    status: "confirmed",
    host: { did, handle: "host.test" },
    booker: { did: "did:plc:booker", handle: "booker.test" },
    meetingType: { rkey: "intro", title: "Introduction" },
    availabilityRkey: "always",
    start: NOW + hour * HOUR_MS,
    end: NOW + (hour + 1) * HOUR_MS,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    timeZone: "UTC",
    createdAt: 0,
    ...fields,
  }));
  await env.DB.batch([upsertBookings(env.DB, bookings, NOW)]);
  return did;
}

/** The hours from now of every page of a list, in the order given. */
async function pages(did: string, query: string): Promise<number[][]> {
  const visitor = await Visitor.signedIn(did);
  const all: number[][] = [];
  let cursor: string | undefined;
  do {
    const path = `/api/bookings?role=host&${query}${cursor === undefined ? "" : `&cursor=${cursor}`}`;
    const body: BookingListJson = await (await visitor.call(path)).json();
    all.push(body.bookings.map(({ start }) => (Date.parse(start) - NOW) / HOUR_MS));
    ({ cursor } = body);
  } while (cursor !== undefined && all.length < 20);
  return all;
}

describe("the list of one's bookings", () => {
  it.each([
    ["order=asc", [[-3, -2], [-2, -2], [1, 4], []]],
    ["", [[-3, -2], [-2, -2], [1, 4], []]],
    ["order=desc", [[4, 1], [-2, -2], [-2, -3], []]],
  ])("comes in pages, each booking once, also where many start together: %j", async (query, expected) => {
    const did = await hostWith([1, -2, -3, -2, 4, -2]);
    expect(await pages(did, `limit=2&${query}`)).toEqual(expected);
  });

  it("gives what is past, newest first", async () => {
    const did = await hostWith([-3, 1, -1, -2]);
    const to = new Date(NOW).toISOString();
    expect(await pages(did, `order=desc&limit=2&to=${to}`)).toEqual([[-1, -2], [-3]]);
  });

  it("says of a pending booking whose start has come that it has expired, whatever D1 has heard", async () => {
    const did = await hostWith([-1, 2], { status: "pending" });
    const visitor = await Visitor.signedIn(did);
    const listed = async (status: string) => {
      const body: BookingListJson = await (await visitor.call(`/api/bookings?role=host${status}`)).json();
      return body.bookings.map((booking) => [(Date.parse(booking.start) - NOW) / HOUR_MS, booking.status]);
    };
    expect(await listed("")).toEqual([
      [-1, "expired"],
      [2, "pending"],
    ]);
    expect(await listed("&status=pending")).toEqual([[2, "pending"]]);
    expect(await listed("&status=expired")).toEqual([[-1, "expired"]]);
  });

  it("takes empty parameters, as a form sends them, for absent ones", async () => {
    const visitor = await Visitor.signedIn(await hostWith([1]));
    const answer = await visitor.call("/api/bookings?role=host&status=&from=&to=&cursor=&limit=");
    expect(answer.status).toBe(200);
    const body: BookingListJson = await answer.json();
    expect(body.bookings).toHaveLength(1);
  });

  it.each([
    "",
    "role=owner",
    "role=host&role=booker",
    "role=host&order=newest",
    "role=host&limit=0",
    "role=host&limit=101",
    "role=host&limit=1.5",
    "role=host&limit=1e309",
    "role=host&limit=-0",
    "role=host&limit=ten",
    "role=host&limit=5&limit=6",
    "role=",
    "role=host&cursor=x",
    "role=host&cursor=99999999999999999_x",
    "role=host&from=yesterday",
    "role=host&to=2026-02-30T00:00:00Z",
    "role=host&status=done",
  ])("is refused for the query %j", async (query) => {
    const answer = await (await Visitor.signedIn(newDid())).call(`/api/bookings?${query}`);
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: "InvalidRequest" }]);
  });
});
