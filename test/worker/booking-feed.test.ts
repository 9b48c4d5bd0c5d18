import ICAL from "ical.js";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { NewBookingFeedJson } from "../../worker/wire.ts";
import { booker, calendarOf, given, midnightIn } from "../durable-objects/support/booker.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "../durable-objects/support/host-on-the-network.ts";
import { Visitor } from "./support/visitor.ts";

const HOUR_MS = 60 * 60_000;

let host: HostOnTheNetwork;
let page: Visitor;

beforeEach(async () => {
  host = hostOnTheNetwork();
  page = await Visitor.signedIn(host.did);
});

async function makes(who: Visitor): Promise<string> {
  const answer = await who.call("/api/booking-feed", { method: "POST" });
  expect(answer.status).toBe(201);
  const { url, webcalUrl } = await answer.json<NewBookingFeedJson>();
  expect(webcalUrl).toBe(url.replace("http:", "webcal:"));
  return new URL(url).pathname;
}

/** As a calendar program, which signs in nowhere. */
function subscribes(path: string, etag?: string): Promise<Response> {
  return Visitor.nobody().call(path, { ...(etag !== undefined && { headers: { "if-none-match": etag } }) });
}

async function startsIn(answer: Response): Promise<number[]> {
  const vevents = new ICAL.Component(ICAL.parse(await answer.text())).getAllSubcomponents("vevent");
  return vevents.map((vevent) => new ICAL.Event(vevent).startDate.toJSDate().getTime());
}

/** What D1 has follows what was decided within a second. */
function eventually(path: string, starts: readonly number[]): Promise<void> {
  return vi.waitFor(async () => expect(await startsIn(await subscribes(path))).toEqual(starts), 5_000);
}

describe("a subscription to one's own bookings", () => {
  it("has what one hosts and what one booked, and loses what is called off", async () => {
    const guest = hostOnTheNetwork();
    const ann = booker(host.did, guest.did.slice("did:plc:".length));
    const [first, second] = [midnightIn(2), midnightIn(2) + 3 * HOUR_MS];
    const booking = given(await ann.asksFor(first));
    given(await ann.asksFor(second));
    const [hosts, guests] = [await makes(page), await makes(await Visitor.signedIn(guest.did))];
    await eventually(hosts, [first, second]);
    await eventually(guests, [first, second]);
    given(await calendarOf(host.did).cancelBooking({ uid: booking.uid, callerDid: host.did }));
    await eventually(hosts, [second]);
  });

  it("is answered with 304 while nothing has changed", async () => {
    const path = await makes(page);
    const etag = (await subscribes(path)).headers.get("etag") ?? "";
    expect((await subscribes(path, etag)).status).toBe(304);
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    await vi.waitFor(async () => expect((await subscribes(path, etag)).status).toBe(200), 5_000);
  });

  it("ends with its address: by taking it back, and by making another", async () => {
    const old = await makes(page);
    const current = await makes(page);
    expect([(await subscribes(old)).status, (await subscribes(current)).status]).toEqual([404, 200]);
    expect(await (await page.call("/api/booking-feed")).json()).toEqual({ since: expect.any(String) });
    expect((await page.call("/api/booking-feed", { method: "DELETE" })).status).toBe(204);
    expect((await subscribes(current)).status).toBe(404);
    expect(await (await page.call("/api/booking-feed")).json()).toEqual({});
  });

  it.each(["x.ics", `${"a".repeat(43)}.ics`, "a".repeat(43), "%2e%2e.ics"])(
    "is nowhere for a made-up address (%s)",
    async (file) => {
      const answer = await subscribes(`/api/booking-feed/${file}`);
      expect([answer.status, await answer.json()]).toMatchObject([404, { error: "NotFound" }]);
    },
  );
});
