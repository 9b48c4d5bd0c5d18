import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSealer } from "../../../adapters/atproto/sealing.ts";
import { booker, calendarOf, given, midnightIn, outcome } from "../support/booker.ts";
import { calendarWith } from "../support/feed.ts";
import { feedOnTheNetwork, hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { inStorage, live, stoppedClock } from "../support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const VALIDATORS = JSON.stringify({ etag: '"v1"' });
const NEW_TABLES = [
  "calendars",
  "written_bookings",
  "silent_calendar_policy",
  "consents",
  "push_channels",
  "invited",
  "asked_addresses",
];

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

/** A host as step 5 of the schema left them: one feed, read twenty minutes ago, busy at ten and for the two days after. */
async function hostOfTheVersionBefore() {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  const day = midnightIn(2);
  const booking = given(await booker(host.did, "ann").asksFor(day + 9 * HOUR_MS));
  const asked: Request[] = [];
  const feed = feedOnTheNetwork((request) => {
    asked.push(request);
    return calendarWith(day + 10 * HOUR_MS, day + 14 * HOUR_MS);
  });
  const sealed = await createSealer(env.SEALING_KEYS).seal(feed.url, `${host.did} calendar old-1`);
  const asOf = clock.now - 20 * MINUTE_MS;
  await inStorage(host.did, ({ sql }) => {
    for (const name of ["calendars", "mail", "webhooks"]) sql.exec(`DROP INDEX outbox_to_${name}`);
    for (const name of ["channel", "facts_json"]) sql.exec(`ALTER TABLE outbox DROP COLUMN ${name}`);
    for (const table of NEW_TABLES) sql.exec(`DROP TABLE ${table}`);
    sql.exec("DELETE FROM schema_steps WHERE id IN (6, 8)");
    sql.exec(
      "INSERT INTO calendar_connections VALUES ('old-1', 'feed', 'Work', ?, ?, ?, 'ok', NULL, ?, ?, 'UTC', 2, ?, 0, 7, ?)",
      sealed.keyId,
      sealed.bytes.buffer,
      clock.now - 30 * DAY_MS,
      asOf,
      day + 80 * DAY_MS,
      clock.now + 5 * MINUTE_MS,
      VALIDATORS,
    );
    for (const [start, end] of [
      [day + 10 * HOUR_MS, day + 11 * HOUR_MS],
      [day + DAY_MS, day + 2 * DAY_MS],
      [day + 2 * DAY_MS, day + 3 * DAY_MS],
    ]) {
      sql.exec("INSERT INTO busy (start_at, connection_id, end_at) VALUES (?, 'old-1', ?)", start, end);
    }
    sql.exec(
      "INSERT INTO timers (kind, due_at, attempts) VALUES ('refresh-calendars', ?, 0)",
      clock.now + 5 * MINUTE_MS,
    );
  });
  await abortAllDurableObjects();
  return { clock, host, day, booking, asOf, asked, feed };
}

describe("a feed that the version before connected", () => {
  it("is a connection with one calendar, which blocks, and takes away what it took away", async () => {
    const { host, day, asOf } = await hostOfTheVersionBefore();
    expect(await calendarOf(host.did).listCalendars()).toMatchObject([
      {
        id: "old-1",
        kind: "feed",
        label: "Work",
        state: "ok",
        calendars: [
          {
            id: "old-1",
            blocks: true,
            isWritable: false,
            takesBookings: false,
            asOf,
            events: 2,
            timeZone: "UTC",
            validators: VALIDATORS,
          },
        ],
      },
    ]);
    const range = { from: { at: day }, to: { at: day + 3 * DAY_MS } };
    const { slots } = given(await calendarOf(host.did).listSlots({ meetingTypeRkey: "intro", ...range }));
    const starts = slots.map(({ start }) => (start - day) / HOUR_MS);
    expect(starts).toContain(9.5);
    expect(starts).toContain(11);
    expect(starts).not.toContain(10);
    expect(starts.filter((start) => start >= 24)).toEqual([]);
  });

  it("is read again by itself with its old secret, and brings what is so now", async () => {
    const { clock, host, day, asked } = await hostOfTheVersionBefore();
    await live(host.did, clock, 10 * MINUTE_MS);
    expect(asked[0]?.headers.get("if-none-match")).toBe('"v1"');
    expect(await calendarOf(host.did).listCalendars()).toMatchObject([
      { state: "ok", calendars: [{ id: "old-1", blocks: true }] },
    ]);
    expect(outcome(await booker(host.did, "ben").asksFor(day + 14 * HOUR_MS))).toBe("SlotTaken");
    expect(outcome(await booker(host.did, "ben").asksFor(day + DAY_MS))).toBe("confirmed");
  });

  it("is asked again before a slot is given away, stays through being looked around in, and goes when it is let go of", async () => {
    const { host, day, asked } = await hostOfTheVersionBefore();
    expect(outcome(await booker(host.did, "ben").asksFor(day + 14 * HOUR_MS))).toBe("SlotTaken");
    expect(asked).toHaveLength(1);
    const view = given(await calendarOf(host.did).refreshCalendars("old-1"));
    expect(view.calendars).toMatchObject([{ id: "old-1", blocks: true }]);
    given(await calendarOf(host.did).chooseCalendars("old-1", { blocking: [] }));
    given(await calendarOf(host.did).chooseCalendars("old-1", { blocking: ["old-1"] }));
    expect(outcome(await booker(host.did, "ben").asksFor(day + 14 * HOUR_MS))).toBe("SlotTaken");
    await calendarOf(host.did).disconnectCalendars("old-1");
    expect(outcome(await booker(host.did, "ben").asksFor(day + 14 * HOUR_MS))).toBe("confirmed");
  });

  it("leaves what was owed to D1 owed, and nothing of it is taken for an entry of a calendar", async () => {
    const { clock, host, booking } = await hostOfTheVersionBefore();
    await live(host.did, clock, 1_000);
    const { results } = await env.DB.prepare("SELECT id FROM bookings WHERE host_did = ?")
      .bind(host.did)
      .all();
    expect(results).toEqual([{ id: booking.uid }]);
    expect(await env.HOST_CALENDAR.getByName(host.did).readOutbox()).toMatchObject({ waiting: 0, parked: 0 });
  });
});
