import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually, inDays } from "./support/eventually.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

const BOOKERS = 12;
const BOOKINGS_EACH = 20;
const KILLS = 3;
const REQUEST = "social.schedule.requestBooking";

interface Asked {
  readonly caller: TestAccount;
  readonly requestId: string;
  readonly start: string;
  /** Every answer that arrived, in order; a lost one is not there. */
  readonly answers: { status: number; uid?: string }[];
  lost: number;
}

let world: TestNetwork;
/** 5xx answers in the broker's own words. */
let ownFailures = 0;
beforeAll(async () => {
  world = await startTestNetwork();
});
afterAll(() => world?.stop());

it("keeps every acknowledged booking through kill -9, doubles none, and lets D1 catch up by itself", async () => {
  const { host, meetingType } = await world.host({ meetingType: { durationMinutes: 30 } });
  const people = await world.people(BOOKERS);
  // Bookers share slots in pairs, so that there is something to win and something to lose.
  const asked: Asked[] = people.flatMap((caller, person) =>
    Array.from({ length: BOOKINGS_EACH }, (_, index) => ({
      caller,
      requestId: crypto.randomUUID(),
      start: slotNumber(Math.floor(person / 2) * BOOKINGS_EACH + index),
      answers: [],
      lost: 0,
    })),
  );

  const progress = { isDone: false };
  const killing = (async () => {
    for (let kills = 0; kills < KILLS && !progress.isDone; kills += 1) {
      await new Promise((resolve) => setTimeout(resolve, 700));
      process.kill(world.broker.workerdPid(), "SIGKILL");
      await world.broker.answering();
    }
  })();
  await Promise.all(
    people.map(async (caller) => {
      for (const one of asked.filter((each) => each.caller === caller)) {
        await askUntilAnswered(one, host.did, meetingType);
      }
    }),
  );
  progress.isDone = true;
  await killing;
  expect(
    asked.reduce((sum, { lost }) => sum + lost, 0),
    "answers lost in the kills",
  ).toBeGreaterThan(0);

  expect(ownFailures).toBe(0);

  // Repeating any of them, answered or not, ends in the same booking.
  for (const one of asked) {
    await askUntilAnswered(one, host.did, meetingType);
    expect(new Set(one.answers.map(({ status, uid }) => `${status} ${uid}`)).size, one.start).toBe(1);
    expect([201, 409]).toContain(one.answers[0]?.status);
  }
  const acknowledged = asked.flatMap(({ answers }) => answers[0]?.uid ?? []);
  expect(acknowledged).toHaveLength(new Set(asked.map(({ start }) => start)).size);

  const rows = await eventually(
    () =>
      world.broker.query(
        "SELECT id, start_time, end_time FROM bookings WHERE host_did = ? ORDER BY start_time",
        host.did,
      ),
    (found) => found.length === acknowledged.length,
    60,
  );
  expect(rows.map(({ id }) => String(id)).toSorted()).toEqual(acknowledged.toSorted());
  for (const [index, row] of rows.entries()) {
    const next = rows[index + 1];
    expect(next === undefined || Number(next["start_time"]) >= Number(row["end_time"])).toBe(true);
  }
});

it("delivers what it owes after a crash although nobody asks it anything any more", async () => {
  const { host, meetingType } = await world.host();
  const people = await world.people(5);
  const answers = await Promise.all(
    people.map((caller, index) =>
      caller.call(REQUEST, "/api/bookings", {
        body: {
          host: host.did,
          meetingType,
          start: inDays(2, `0${index}:00`),
          requestId: crypto.randomUUID(),
        },
      }),
    ),
  );
  process.kill(world.broker.workerdPid(), "SIGKILL");
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  await world.broker.answering();
  const rows = await eventually(
    () => world.broker.query("SELECT id FROM bookings WHERE host_did = ?", host.did),
    (found) => found.length === people.length,
    60,
  );
  expect(rows).toHaveLength(people.length);
});

/** Repeats the same request with the same requestId until an answer arrives. Never a 5xx, never "already being processed". */
async function askUntilAnswered(one: Asked, host: string, meetingType: string): Promise<void> {
  for (;;) {
    const { caller, requestId, start } = one;
    const token = await caller.serviceAuth(REQUEST);
    try {
      const answer = await fetch(new URL("/api/bookings", world.url), {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ host, meetingType, start, requestId }),
        signal: AbortSignal.timeout(20_000),
      });
      const body = (await answer.json()) as { error?: string; booking?: { uid: string } };
      // Between the death of workerd and its next life, Miniflare answers for it; the broker itself never fails.
      ownFailures += body.error === undefined ? 0 : Number(answer.status >= 500);
      if (answer.status >= 500) {
        throw new Error(`status ${answer.status}`);
      }
      one.answers.push({ status: answer.status, ...(body.booking && { uid: body.booking.uid }) });
      return;
    } catch {
      one.lost += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function slotNumber(number: number): string {
  const slotsPerDay = 48;
  const day = 1 + Math.floor(number / slotsPerDay);
  const minutes = (number % slotsPerDay) * 30;
  const time = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  return inDays(day + 1, time);
}
