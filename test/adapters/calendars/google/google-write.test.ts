import { afterEach, describe, expect, it } from "vitest";

import { READ_SCOPES } from "../../../../adapters/calendars/google/google-access.ts";
import {
  removeGoogleBooking,
  writeGoogleBooking,
} from "../../../../adapters/calendars/google/google-write.ts";
import type { WriteAnswer } from "../../../../adapters/calendars/source.ts";
import type { Booking } from "../../../../scheduling/booking.ts";
import { BOOKING } from "./one-booking.ts";
import { accessUntil, NOW, startScriptedGoogle } from "./scripted-google.ts";
import type { Asked, Scripted, ScriptedGoogle } from "./scripted-google.ts";

const REF = "alice+work@x.example";
const EVENTS = "/calendar/v3/calendars/alice%2Bwork%40x.example/events";
const LOOKED_UP = `${EVENTS}?iCalUID=uid-1%40cal.example&showDeleted=`;

const EVENT = {
  summary: "Intro call: @bob.test with @alice.test",
  description: "About the harbour.\nSecond line\n\nhttps://cal.example/bookings/uid-1",
  location: "https://meet.example/room?a=1",
  start: { dateTime: "2026-12-01T09:00:00Z" },
  end: { dateTime: "2026-12-01T09:30:00Z" },
  sequence: 1,
  status: "confirmed",
  source: { title: "atproto Cal", url: "https://cal.example/bookings/uid-1" },
};

let google: ScriptedGoogle | undefined;
afterEach(async () => {
  await google?.stop();
  google = undefined;
});

/** What becomes of it where Google has these events under the UID, and answers changes so. */
async function written(
  events: readonly object[],
  changed: Scripted = { body: {} },
  booking: Booking = BOOKING,
): Promise<{ answer: WriteAnswer; asked: readonly Asked[] }> {
  google = await startScriptedGoogle(({ method }) =>
    method === "GET" ? { body: { items: events } } : changed,
  );
  const place = { access: accessUntil(), ref: REF };
  return { answer: await writeGoogleBooking(place, booking, google.settings, NOW), asked: google.asked };
}

describe("writing a booking", () => {
  it("imports an event under the booking's own UID, with nobody's address in it", async () => {
    const { answer, asked } = await written([]);
    expect(answer).toEqual({ kind: "done" });
    expect(asked).toMatchObject([
      { method: "GET", path: `${LOOKED_UP}true` },
      { method: "POST", path: `${EVENTS}/import` },
    ]);
    expect(asked[1]?.body).toEqual({ ...EVENT, iCalUID: "uid-1@cal.example" });
    expect(JSON.stringify(asked)).not.toContain("private.example");
  });

  const there: readonly (readonly [string, readonly object[], string, number])[] = [
    ["is there is changed", [{ id: "e1", status: "confirmed", sequence: 0 }], "e1", 1],
    ["the host has moved counts on from there", [{ id: "e1", status: "confirmed", sequence: 7 }], "e1", 7],
    ["the host threw away comes back", [{ id: "e1", status: "cancelled" }], "e1", 1],
    [
      "is there is changed, not one that was thrown away",
      [
        { id: "e1", status: "cancelled", sequence: 9 },
        { id: "e 2/x", status: "confirmed" },
      ],
      "e%202%2Fx",
      1,
    ],
  ];
  it.each(there)("an event that %s", async (_, events, id, sequence) => {
    const { answer, asked } = await written(events);
    expect(answer).toEqual({ kind: "done" });
    expect(asked[1]).toMatchObject({ method: "PATCH", path: `${EVENTS}/${id}` });
    expect(asked[1]?.body).toEqual({ ...EVENT, sequence });
    expect(asked).toHaveLength(2);
  });

  it("a note cannot become a link, a tag or another line of anything", async () => {
    const { asked } = await written(
      [],
      {},
      {
        ...BOOKING,
        note: `<a href="https://evil.example">Join &amp; pay</a>\u0000`,
        meetingType: { rkey: "intro", title: "Intro\u2028<b>call" },
      },
    );
    expect(asked[1]?.body).toMatchObject({
      // Google shows a title as it is.
      summary: "Intro<b>call: @bob.test with @alice.test",
      description:
        '&lt;a href="https://evil.example"&gt;Join &amp;amp; pay&lt;/a&gt;\n\nhttps://cal.example/bookings/uid-1',
    });
  });

  it("a place that the booking no longer has is taken away", async () => {
    const { location: _, ...nowhere } = BOOKING;
    const { asked } = await written([{ id: "e1" }], {}, nowhere);
    expect(asked[1]?.body).toMatchObject({ location: "" });
  });

  const failures: readonly (readonly [string, Scripted, object])[] = [
    ["a calendar that is gone", { status: 404 }, { problem: "not-found" }],
    ["a calendar that may not be written", { status: 403 }, { problem: "read-only" }],
    ["a duplicate that was not there before", { status: 409 }, { problem: "read-only" }],
    ["an event that Google does not take", { status: 400 }, { problem: "read-only" }],
    ["an outage", { status: 503 }, { problem: "server-error" }],
    [
      "too many changes",
      { status: 429, headers: { "retry-after": "5" } },
      { problem: "rate-limited", retryAfterMs: 5_000 },
    ],
  ];
  it.each(failures)("fails with %s", async (_, changed, expected) => {
    expect((await written([], changed)).answer).toEqual({ kind: "failed", ...expected });
  });

  it("does not write where it cannot see what is there", async () => {
    google = await startScriptedGoogle(() => ({ status: 500 }));
    const place = { access: accessUntil(), ref: REF };
    const answer = await writeGoogleBooking(place, BOOKING, google.settings, NOW);
    expect(answer).toEqual({ kind: "failed", problem: "server-error" });
    expect(google.asked).toHaveLength(1);
  });
});

it("without consent to writing nothing is asked", async () => {
  google = await startScriptedGoogle(() => ({}));
  const place = { access: accessUntil(undefined, [...READ_SCOPES]), ref: REF };
  const readOnly = { kind: "failed", problem: "read-only" };
  expect(await writeGoogleBooking(place, BOOKING, google.settings, NOW)).toEqual(readOnly);
  expect(await removeGoogleBooking(place, "uid-1", google.settings, NOW)).toEqual(readOnly);
  expect(google.asked).toEqual([]);
});

describe("removing a booking", () => {
  async function removed(looked: Scripted, deleted: Scripted): Promise<WriteAnswer> {
    google = await startScriptedGoogle(({ method }) => (method === "GET" ? looked : deleted));
    return removeGoogleBooking({ access: accessUntil(), ref: REF }, "uid-1", google.settings, NOW);
  }
  const items = [{ id: "e1" }, { id: "e2" }];
  const outcomes: readonly (readonly [string, Scripted, Scripted, object, number])[] = [
    ["deletes all that has its UID", { body: { items } }, { status: 204 }, { kind: "done" }, 3],
    ["is done where there is none", { body: { items: [] } }, {}, { kind: "done" }, 1],
    ["is done where the calendar is gone", { status: 404 }, {}, { kind: "done" }, 1],
    ["is done where they went meanwhile", { body: { items } }, { status: 410 }, { kind: "done" }, 3],
    ["is done where they are not found", { body: { items } }, { status: 404 }, { kind: "done" }, 3],
    [
      "fails where it may not",
      { body: { items } },
      { status: 403 },
      { kind: "failed", problem: "read-only" },
      2,
    ],
    ["fails while Google is down", { status: 503 }, {}, { kind: "failed", problem: "server-error" }, 1],
  ];
  it.each(outcomes)("%s", async (_, looked, deleted, expected, calls) => {
    expect(await removed(looked, deleted)).toEqual(expected);
    expect(google?.asked).toHaveLength(calls);
    expect(google?.asked[0]?.path).toBe(`${LOOKED_UP}false`);
  });
});
