import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, inDays } from "./support/eventually.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

const CONTENDERS = 50;
const REQUEST = "social.schedule.requestBooking";

interface Attempt {
  readonly caller: TestAccount;
  readonly meetingType: string;
  readonly start: string;
}

describe("fifty people want the same time", () => {
  let world: TestNetwork;
  let people: TestAccount[];

  beforeAll(async () => {
    world = await startTestNetwork();
    people = await world.people(CONTENDERS);
  });
  afterAll(() => world?.stop());

  /** Tokens are made first, so that the bookings themselves arrive together. */
  async function allAtOnce(host: TestAccount, attempts: readonly Attempt[]) {
    const tokens = await Promise.all(attempts.map(({ caller }) => caller.serviceAuth(REQUEST)));
    const answers = await Promise.all(
      attempts.map(({ meetingType, start }, index) =>
        fetch(new URL("/api/bookings", world.url), {
          method: "POST",
          headers: { authorization: `Bearer ${tokens[index]}`, "content-type": "application/json" },
          body: JSON.stringify({ host: host.did, meetingType, start, requestId: crypto.randomUUID() }),
        }),
      ),
    );
    return Promise.all(
      answers.map(async (answer) => ({
        status: answer.status,
        body: (await answer.json()) as { error?: string; booking?: { start: string; end: string } },
      })),
    );
  }

  it("and one of them gets it: one 201, forty-nine 409 SlotTaken, nothing else", async () => {
    const { host, meetingType } = await world.host();
    const start = inDays(2, "09:00");
    const answers = await allAtOnce(
      host,
      people.map((caller) => ({ caller, meetingType, start })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 409 && body.error === "SlotTaken")).toHaveLength(
      CONTENDERS - 1,
    );
    const inHistory = await eventually(
      () => world.broker.query("SELECT status FROM bookings WHERE host_did = ?", host.did),
      (rows) => rows.length > 0,
    );
    expect(inHistory).toEqual([{ status: "confirmed" }]);
  });

  it("and no two overlap when they ask for unequal slots of two meeting types", async () => {
    const { host, meetingType } = await world.host();
    const records = await host.listRecords("social.schedule.availability");
    await host.putRecord("social.schedule.meetingType", "3mlongmeet222", {
      title: "Ninety minutes",
      availability: records[0]?.uri,
      durationMinutes: 90,
      slotIntervalMinutes: 30,
      approval: "manual",
      createdAt: new Date().toISOString(),
    });
    // Half-hours at 09:00, 09:30, 10:00 and ninety minutes from 09:00 all touch 09:00 to 10:30.
    const wanted = [
      { meetingType: "3mlongmeet222", start: inDays(3, "09:00") },
      { meetingType, start: inDays(3, "09:00") },
      { meetingType: "3mlongmeet222", start: inDays(3, "09:30") },
      { meetingType, start: inDays(3, "10:00") },
    ];
    const answers = await allAtOnce(
      host,
      people.flatMap((caller, index) => {
        const one = wanted[index % wanted.length];
        return one ? [{ caller, ...one }] : [];
      }),
    );
    const won = answers.flatMap(({ body }) => (body.booking ? [body.booking] : []));
    const lost = answers.filter(({ status }) => status !== 201);
    expect(won.length).toBeGreaterThan(0);
    expect(lost.every(({ status, body }) => status === 409 && body.error === "SlotTaken")).toBe(true);
    for (const one of won) {
      const others = won.filter((other) => other !== one);
      expect(others.every((other) => other.end <= one.start || other.start >= one.end)).toBe(true);
    }
  });
});
