import { beforeEach, describe, expect, it } from "vitest";
import type { Booking } from "../../scheduling/booking.ts";
import type { ExplanationJson, ReasonJson } from "../../worker/wire.ts";
import { booker, midnightIn } from "../durable-objects/support/booker.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "../durable-objects/support/host-on-the-network.ts";
import { Visitor } from "./support/visitor.ts";

const MINUTE_MS = 60_000;
const LXM = "social.schedule.explainSlots";

const OUTSIDE = { code: "outside_window", availabilityRkey: "3kavailabil22" };

let host: HostOnTheNetwork;
/** From 10:00 to 10:30 UTC the day after tomorrow. */
let booked: Booking;

const start = (time: string): string => `${new Date(midnightIn(2)).toISOString().slice(0, 10)}T${time}:00Z`;
const date = (): string => start("00:00").slice(0, 10);

beforeEach(async () => {
  host = hostOnTheNetwork();
  host.setAvailability({
    weekly: [{ days: ["mo", "tu", "we", "th", "fr", "sa", "su"], start: "09:00", end: "12:00" }],
    overrides: [{ date: new Date(midnightIn(3)).toISOString().slice(0, 10), windows: [] }],
  });
  host.setMeetingType("intro", { bufferAfterMinutes: 15, moreDurations: [60] });
  host.setMeetingType("paused", { active: false });
  host.setMeetingType("strict", { minimumNoticeMinutes: 5 * 1440, horizonDays: 1, maxPerDay: 1 });
  const asked = await booker(host.did, "ann").asksFor(Date.parse(start("10:00")));
  if (!asked.ok) throw new Error(asked.refusal.code);
  booked = asked.value;
});

async function explain(who: Visitor, query: string, meetingType = "intro"): Promise<Response> {
  return who.call(`/api/hosts/${host.did}/explanation?meetingType=${meetingType}&${query}`, { lxm: LXM });
}

async function reasonsAt(who: Visitor, time: string, more = ""): Promise<ReasonJson[]> {
  const answer = await explain(who, `at=${start(time)}${more}`);
  const { starts } = await answer.json<ExplanationJson>();
  expect(starts).toHaveLength(1);
  expect(starts[0]).toMatchObject({ start: start(time) });
  return starts[0]?.reasons ?? [];
}

describe("why a time is not offered", () => {
  it("is told the host in full, by cookie and by token", async () => {
    const core = { start: start("10:00"), end: start("10:30") };
    for (const who of [await Visitor.signedIn(host.did), Visitor.withTokens(host.did)]) {
      expect(await reasonsAt(who, "10:00")).toEqual([{ code: "booked", uid: booked.uid, ...core }]);
      expect(await reasonsAt(who, "10:30")).toEqual([
        { code: "buffer", of: "booked", uid: booked.uid, ...core },
      ]);
      expect(await reasonsAt(who, "09:00")).toEqual([]);
      expect(await reasonsAt(who, "09:10")).toEqual([
        { code: "off_grid", before: start("09:00"), after: start("09:30") },
      ]);
      expect(await reasonsAt(who, "11:45")).toEqual([{ ...OUTSIDE, startsInside: true }]);
    }
  });

  it("is told others without what takes the time", async () => {
    for (const who of [
      Visitor.nobody(),
      await Visitor.signedIn("did:plc:ann"),
      Visitor.withTokens(hostOnTheNetwork().did),
    ]) {
      for (const time of ["10:00", "10:30"]) expect(await reasonsAt(who, time)).toEqual([{ code: "taken" }]);
      expect(await reasonsAt(who, "11:45")).toEqual([{ ...OUTSIDE, startsInside: true }]);
      const answer = await explain(who, `date=${date()}`);
      expect(await answer.text()).not.toMatch(/booked|buffer|uid/);
    }
  });

  it("is told for every start of a date, as the slots of that date are listed", async () => {
    const who = await Visitor.signedIn(host.did);
    for (const length of ["30", "60"]) {
      const answer = await explain(who, `date=${date()}&durationMinutes=${length}`);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      const explained = await answer.json<ExplanationJson>();
      expect(explained).toMatchObject({ timeZone: "UTC", durationMinutes: Number(length), reasons: [] });
      const slots = await who.call(
        `/api/hosts/${host.did}/slots?meetingType=intro&durationMinutes=${length}&from=${start("00:00")}&to=${new Date(midnightIn(3)).toISOString()}`,
      );
      const offered = explained.starts.filter(({ reasons }) => reasons.length === 0);
      expect(await slots.json()).toMatchObject({
        slots: offered.map(({ start: at, end }) => ({ start: at, end })),
      });
      expect(explained.starts).toHaveLength(180 / Number(length));
    }
  });

  it("names the override that closes a date, and the pause of a meeting type", async () => {
    const who = await Visitor.signedIn(host.did);
    const closed = new Date(midnightIn(3)).toISOString().slice(0, 10);
    expect(await (await explain(who, `date=${closed}`)).json()).toMatchObject({
      availabilityRkey: "3kavailabil22",
      reasons: [{ code: "closed_by_override", date: closed, availabilityRkey: "3kavailabil22" }],
      starts: [],
    });
    const explained = await (await explain(who, `date=${date()}`, "paused")).json<ExplanationJson>();
    expect(explained.reasons).toEqual([{ code: "inactive" }]);
    expect(explained.starts.every(({ reasons }) => reasons[0]?.code === "inactive")).toBe(true);
  });

  it("names the notice and the horizon, and both where both hold", async () => {
    const strict = await booker(host.did, "ben").asksFor(midnightIn(2) + 11 * 60 * MINUTE_MS, {
      meetingType: "strict",
    });
    expect(strict).toMatchObject({ refusal: { code: "TooSoon" } });
    const answer = await explain(await Visitor.signedIn(host.did), `at=${start("11:00")}`, "strict");
    expect((await answer.json<ExplanationJson>()).starts[0]?.reasons).toEqual([
      { code: "too_soon", minimumNoticeMinutes: 5 * 1440, isPast: false },
      {
        code: "beyond_horizon",
        horizonDays: 1,
        lastDate: new Date(midnightIn(1)).toISOString().slice(0, 10),
      },
    ]);
  });
});

describe("a question that is not one", () => {
  it.each([
    ["", 400, "InvalidRequest"],
    ["date=2026-12-01&at=2026-12-01T09:00:00Z", 400, "InvalidRequest"],
    ["date=2026-02-30", 400, "InvalidRequest"],
    ["date=tomorrow", 400, "InvalidRequest"],
    ["at=2026-12-01", 400, "InvalidRequest"],
    ["date=2026-12-01&durationMinutes=half", 400, "InvalidRequest"],
    ["date=2026-12-01&durationMinutes=1e1", 400, "InvalidRequest"],
    ["date=2026-12-01&durationMinutes=9999", 400, "InvalidRequest"],
    ["date=2026-12-01&durationMinutes=45", 422, "DurationNotOffered"],
    ["date=0000-01-01", 200, undefined],
    ["date=9999-12-31", 200, undefined],
    ["at=0000-01-01T00:00:00Z", 200, undefined],
    ["at=9999-12-31T23:59:59Z", 200, undefined],
  ])("%j: %d %s", async (query, status, error) => {
    const answer = await explain(await Visitor.signedIn(host.did), query);
    expect(answer.status).toBe(status);
    if (error !== undefined) expect(await answer.json()).toMatchObject({ error });
  });

  it("is refused with a bad token, even though nobody needs one", async () => {
    const answer = await Visitor.nobody().call(
      `/api/hosts/${host.did}/explanation?meetingType=intro&date=${date()}`,
      { headers: { authorization: "Bearer a.b.c" } },
    );
    expect(answer.status).toBe(401);
  });

  it("of a meeting type or a host that is not there is 404", async () => {
    const who = await Visitor.signedIn(host.did);
    expect((await explain(who, `date=${date()}`, "nothing")).status).toBe(404);
    host.setBroker("did:web:other.example");
    const other = hostOnTheNetwork();
    other.setBroker("did:web:other.example");
    const answer = await who.call(`/api/hosts/${other.did}/explanation?meetingType=intro&date=${date()}`);
    expect(answer.status).toBe(404);
  });
});
