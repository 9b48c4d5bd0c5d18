import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Booking } from "../../scheduling/booking.ts";
import { booker, calendarOf, midnightIn } from "../durable-objects/support/booker.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "../durable-objects/support/host-on-the-network.ts";
import { Visitor } from "./support/visitor.ts";

const SECRET = "only-for-two-7319";
const ROUTES: readonly [method: string, path: string, operation: string][] = [
  ["GET", "/api/bookings?role=host", "listBookings"],
  ["POST", "/api/bookings", "requestBooking"],
  ["GET", "/api/bookings/UID", "getBooking"],
  ["GET", "/api/bookings/UID.ics", "getBooking"],
  ["GET", "/api/bookings/UID/moves", "listMoves"],
  ["POST", "/api/bookings/UID/confirm", "confirmBooking"],
  ["POST", "/api/bookings/UID/decline", "declineBooking"],
  ["POST", "/api/bookings/UID/cancel", "cancelBooking"],
  ["POST", "/api/bookings/UID/reschedule", "rescheduleBooking"],
  ["POST", "/api/holds", "holdSlot"],
  ["DELETE", "/api/holds/some-hold?host=did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "releaseHold"],
  ["GET", "/api/blocks", "listBlocks"],
  ["POST", "/api/blocks", "createBlock"],
  ["DELETE", "/api/blocks/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "deleteBlock"],
  ["GET", "/api/availability", "listAvailability"],
  ["POST", "/api/availability", "createAvailability"],
  ["PUT", "/api/availability/3kabc", "updateAvailability"],
  ["DELETE", "/api/availability/3kabc", "deleteAvailability"],
  ["GET", "/api/meeting-types", "listMeetingTypes"],
  ["POST", "/api/meeting-types", "createMeetingType"],
  ["PUT", "/api/meeting-types/3kabc", "updateMeetingType"],
  ["DELETE", "/api/meeting-types/3kabc", "deleteMeetingType"],
  ["GET", "/api/notifications", "listNotifications"],
  ["GET", "/api/notifications/live", "watchNotifications"],
  ["POST", "/api/notifications/read", "readNotifications"],
  ["GET", "/api/settings", "getSettings"],
  ["PUT", "/api/settings", "updateSettings"],
  ["GET", "/api/calendar/connections", "listCalendars"],
  ["POST", "/api/calendar/connections", "connectCalendars"],
  ["PUT", "/api/calendar/connections/some-id", "chooseCalendars"],
  ["PUT", "/api/calendar/connections/some-id/access", "giveCalendarAccess"],
  ["POST", "/api/calendar/connections/some-id/refresh", "refreshCalendars"],
  ["DELETE", "/api/calendar/connections/some-id", "disconnectCalendars"],
  ["GET", "/api/calendar/conflicts", "listConflicts"],
  ["POST", "/api/calendar/google", "askGoogle"],
  ["GET", "/api/booking-feed", "getBookingFeed"],
  ["POST", "/api/booking-feed", "makeBookingFeed"],
  ["DELETE", "/api/booking-feed", "endBookingFeed"],
  ["GET", "/api/webhooks", "listWebhooks"],
  ["POST", "/api/webhooks", "addWebhook"],
  ["DELETE", "/api/webhooks/some-id", "removeWebhook"],
  ["POST", "/api/webhooks/some-id/ping", "pingWebhook"],
  ["POST", "/api/webhooks/some-id/enable", "enableWebhook"],
  ["POST", "/api/webhooks/some-id/deliveries/some-message/replay", "replayToWebhook"],
  ["GET", "/api/account/export", "exportAccount"],
];
const UNSAFE = ROUTES.filter(([method]) => method !== "GET");

let host: HostOnTheNetwork;
let pending: Booking;
let bookerDid: string;
let strangerDid: string;

beforeEach(async () => {
  bookerDid = hostOnTheNetwork().did;
  strangerDid = hostOnTheNetwork().did;
  host = hostOnTheNetwork();
  host.setMeetingType("intro", { approval: "manual" });
  const asked = await booker(host.did, bookerDid.slice("did:plc:".length)).asksFor(midnightIn(2), {
    note: SECRET,
  });
  if (!asked.ok) throw new Error(asked.refusal.code);
  pending = asked.value;
});

const at = (path: string): string => path.replace("UID", pending.uid);
const lxm = (operation: string): string => `social.schedule.${operation}`;

async function codeOf(answer: Response): Promise<string> {
  const text = await answer.text();
  expect(text).not.toContain(SECRET);
  const body = JSON.parse(text) as object;
  expect(Object.keys(body).toSorted()).toEqual(["error", "message"]);
  return `${answer.status} ${"error" in body ? String(body.error) : ""}`;
}

async function stillPending(): Promise<void> {
  const found = await calendarOf(host.did).getBooking(pending.uid, host.did);
  expect(found).toMatchObject({ value: { status: "pending", sequence: 0 } });
}

describe.each(ROUTES)("%s %s", (method, path, operation) => {
  it("is for nobody who is not signed in", async () => {
    const answer = await Visitor.nobody().call(at(path), { method, headers: { origin: env.PUBLIC_URL } });
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(await codeOf(answer)).toBe("401 SignInRequired");
    await stillPending();
  });

  it("takes no token for another operation, and one for its own", async () => {
    const visitor = Visitor.withTokens(strangerDid);
    for (const [, , other] of ROUTES.filter((route) => route[2] !== operation)) {
      expect(await codeOf(await visitor.call(at(path), { method, lxm: lxm(other) }))).toBe(
        "401 InvalidToken",
      );
    }
    const answer = await visitor.call(at(path), { method, lxm: lxm(operation) });
    expect(await answer.text()).not.toMatch(/InvalidToken|CrossSiteRequest/);
    await stillPending();
  });

  it("may not be kept by any cache", async () => {
    for (const visitor of [Visitor.nobody(), await Visitor.signedIn(host.did)]) {
      expect((await visitor.call(at(path), { method })).headers.get("cache-control")).toBe("no-store");
    }
  });
});

describe.each(UNSAFE)("%s %s with the cookie", (method, path) => {
  it.each([
    ["https://evil.example"],
    ["null"],
    [""],
    [`${env.PUBLIC_URL}.evil.example`],
    ["http://127.0.0.1:1"],
  ])("is refused from the origin %j", async (origin) => {
    const answer = await (await Visitor.signedIn(host.did)).call(at(path), { method, headers: { origin } });
    expect(await codeOf(answer)).toBe("403 CrossSiteRequest");
    await stillPending();
  });
});

describe.each(["cookie", "token"])("with a %s, a booking", (kind) => {
  const visitor = async (did: string): Promise<Visitor> =>
    kind === "cookie" ? Visitor.signedIn(did) : Visitor.withTokens(did);

  it("can be seen by its two people only", async () => {
    for (const path of [`/api/bookings/${pending.uid}`, `/api/bookings/${pending.uid}.ics`]) {
      const call = { lxm: lxm("getBooking") };
      expect(await codeOf(await (await visitor(strangerDid)).call(path, call))).toBe("403 NotYourBooking");
      for (const did of [host.did, bookerDid]) {
        const answer = await (await visitor(did)).call(path, call);
        expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining(SECRET)]);
      }
    }
  });

  it("tells its two people only where it could move", async () => {
    const from = midnightIn(2);
    const query = `from=${new Date(from).toISOString()}&to=${new Date(from + 60 * 60_000).toISOString()}`;
    const path = `/api/bookings/${pending.uid}/moves?${query}`;
    const call = { lxm: lxm("listMoves") };
    expect(await codeOf(await (await visitor(strangerDid)).call(path, call))).toBe("403 NotYourBooking");
    for (const did of [host.did, bookerDid]) {
      const answer = await (await visitor(did)).call(path, call);
      const rest = new Date(from + 30 * 60_000).toISOString().replace(".000Z", "Z");
      expect([answer.status, await answer.json()]).toMatchObject([200, { slots: [{ start: rest }] }]);
    }
  });

  it.each([
    ["confirm", "confirmBooking", { stranger: 403, booker: 403, host: 200 }],
    ["decline", "declineBooking", { stranger: 403, booker: 403, host: 200 }],
    ["cancel", "cancelBooking", { stranger: 403, booker: 200, host: 200 }],
    ["reschedule", "rescheduleBooking", { stranger: 403, booker: 200, host: 200 }],
  ])("can be changed as its roles say: %s", async (change, operation, expected) => {
    const path = `/api/bookings/${pending.uid}/${change}`;
    const callers = { stranger: strangerDid, booker: bookerDid };
    const call = (days: number) => ({
      method: "POST",
      lxm: lxm(operation),
      ...(change === "reschedule" && {
        body: { start: new Date(midnightIn(days)).toISOString(), requestId: crypto.randomUUID() },
      }),
    });
    for (const [role, did] of Object.entries(callers)) {
      const answer = await (await visitor(did)).call(path, call(3));
      expect(answer.status, role).toBe(expected[role as "stranger" | "booker"]);
    }
    const byHost = await (await visitor(host.did)).call(path, call(4));
    // The booker has cancelled it already.
    expect(byHost.status).toBe(change === "cancel" ? 409 : expected.host);
  });

  it("is on nobody else's list", async () => {
    const stranger = await visitor(strangerDid);
    for (const role of ["host", "booker"]) {
      const answer = await stranger.call(`/api/bookings?role=${role}`, { lxm: lxm("listBookings") });
      expect(await answer.json()).toEqual({ bookings: [] });
    }
    const bell = await stranger.call("/api/notifications", { lxm: lxm("listNotifications") });
    expect(await bell.json()).toEqual({ notifications: [], unread: 0 });
  });
});

describe("what anybody may see of a host", () => {
  it("says nothing of bookings and bookers", async () => {
    const from = new Date(midnightIn(1)).toISOString();
    const to = new Date(midnightIn(4)).toISOString();
    for (const path of ["", `/slots?meetingType=intro&from=${from}&to=${to}`]) {
      const answer = await Visitor.nobody().call(`/api/hosts/${host.did}${path}`);
      const text = await answer.text();
      expect(answer.status).toBe(200);
      for (const secret of [SECRET, pending.uid, bookerDid]) expect(text).not.toContain(secret);
    }
  });
});
