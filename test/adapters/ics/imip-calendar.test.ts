/** That invitations lead every calendar to the same entry, whatever happens to the mail on its way. */

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { invitation } from "../../../adapters/ics/invitation.ts";
import { calendarUid } from "../../../adapters/ics/booking-text.ts";
import { decideCancel, decideConfirm } from "../../../scheduling/booking-decisions.ts";
import type { Booking } from "../../../scheduling/booking.ts";
import { MINUTE } from "../../../scheduling/time-zone.ts";
import { openImipCalendar } from "../../support/imip-calendar.ts";
import type { ImipCalendar, ImipEntry } from "../../support/imip-calendar.ts";
import { startRadicale } from "../../support/radicale.ts";
import type { Radicale } from "../../support/radicale.ts";
import { BOOKING } from "./booking.ts";

const PUBLIC_URL = "https://cal.example";
const ORGANIZER = "b-7f3a@invites.cal.example";
const NOW = Date.UTC(2026, 10, 22, 12);
const REQUESTED: Booking = { ...BOOKING, sequence: 0, status: "pending" };

let radicale: Radicale;
let calendars = 0;

beforeAll(async () => {
  radicale = await startRadicale(["bob"]);
});
afterAll(() => radicale?.stop());

function newCalendar(): Promise<ImipCalendar> {
  calendars += 1;
  return openImipCalendar(radicale, `mail${calendars}`);
}

function confirmed(booking: Booking): Booking {
  return decided(decideConfirm(booking, booking.host.did, NOW));
}

function cancelled(booking: Booking): Booking {
  return decided(decideCancel(booking, booking.booker.did, undefined, NOW));
}

/** What decideReschedule changes, without the slots that it asks about. */
function moved(booking: Booking, minutes: number): Booking {
  return {
    ...booking,
    sequence: booking.sequence + 1,
    start: booking.start + minutes * MINUTE,
    end: booking.end + minutes * MINUTE,
  };
}

function decided(decision: ReturnType<typeof decideConfirm>): Booking {
  if (!decision.ok) {
    throw new Error(decision.refusal.code);
  }
  return decision.value.booking;
}

/** The message about the booking as it is, sent so many minutes later. */
function message(booking: Booking, minutes: number): string {
  return invitation(booking, {
    method: booking.status === "cancelled" ? "CANCEL" : "REQUEST",
    publicUrl: PUBLIC_URL,
    organizerAddress: ORGANIZER,
    attendees: [
      { role: "host", address: "alice@host.example", name: "Alice", partstat: "ACCEPTED" },
      { role: "booker", address: "bob@private.example", name: "Bob", partstat: "NEEDS-ACTION" },
    ],
    now: NOW + minutes * MINUTE,
  })!;
}

function entryOf(booking: Booking): ImipEntry {
  return {
    uid: calendarUid(booking.uid, PUBLIC_URL),
    sequence: booking.sequence,
    status: booking.status === "cancelled" ? "CANCELLED" : "CONFIRMED",
    start: booking.start,
    end: booking.end,
    summary: "Intro call: @bob.test with @alice.test",
    location: "https://meet.example/room?a=1;b=2,c",
    organizer: ORGANIZER,
    attendees: [
      { address: "alice@host.example", partstat: "ACCEPTED" },
      { address: "bob@private.example", partstat: "NEEDS-ACTION" },
    ],
  };
}

describe("a calendar kept by mail", () => {
  it("has what was agreed, as it was agreed", async () => {
    const calendar = await newCalendar();
    const booking = confirmed(REQUESTED);
    expect(await calendar.receive(message(booking, 0))).toBe("taken");
    expect(await calendar.entries()).toEqual([entryOf(booking)]);
  });

  it("moves its entry, and does not move it back for a letter that comes late", async () => {
    const calendar = await newCalendar();
    const before = confirmed(REQUESTED);
    const after = moved(before, 60);
    await calendar.receive(message(before, 0));
    expect(await calendar.receive(message(after, 1))).toBe("taken");
    // Sent again, even later by the clock: its sequence is lower all the same.
    expect(await calendar.receive(message(before, 2))).toBe("ignored");
    expect(await calendar.receive(message(after, 1))).toBe("ignored");
    expect(await calendar.entries()).toEqual([entryOf(after)]);
  });

  it("knows that it is off even where that is the first it hears", async () => {
    const calendar = await newCalendar();
    const before = confirmed(REQUESTED);
    const after = cancelled(before);
    // Some clients keep an event that is cancelled with the sequence it has.
    expect(after.sequence).toBe(before.sequence + 1);
    expect(await calendar.receive(message(after, 1))).toBe("taken");
    expect(await calendar.receive(message(before, 0))).toBe("ignored");
    expect(await calendar.entries()).toEqual([entryOf(after)]);
  });

  it("takes a letter that was written anew, of two with the same sequence", async () => {
    const calendar = await newCalendar();
    const booking = confirmed(REQUESTED);
    await calendar.receive(message(booking, 0));
    const renamed = { ...booking, meetingType: { ...booking.meetingType, title: "Other" } };
    expect(await calendar.receive(message(renamed, 1))).toBe("taken");
    expect((await calendar.entries())[0]?.summary).toBe("Other: @bob.test with @alice.test");
  });

  it("keeps bookings apart, and takes nothing that is no invitation", async () => {
    const calendar = await newCalendar();
    const booking = confirmed(REQUESTED);
    const other = { ...booking, uid: "another" };
    await calendar.receive(message(booking, 0));
    await calendar.receive(message(other, 0));
    await calendar.receive(message(cancelled(booking), 1));
    expect((await calendar.entries()).map(({ uid, status }) => [uid, status])).toEqual([
      [calendarUid(booking.uid, PUBLIC_URL), "CANCELLED"],
      [calendarUid("another", PUBLIC_URL), "CONFIRMED"],
    ]);
    await expect(
      calendar.receive(message(booking, 0).replace("METHOD:REQUEST", "METHOD:REPLY")),
    ).rejects.toThrow("not for attendees");
  });

  it("ends the same however the mail is reordered and repeated", { timeout: 120_000 }, async () => {
    const change = fc.oneof(
      {
        arbitrary: fc
          .integer({ min: 1, max: 500 })
          .map((minutes) => (booking: Booking) => moved(booking, minutes)),
        weight: 3,
      },
      { arbitrary: fc.constant(cancelled), weight: 1 },
      // The same again, to somebody who asked for it.
      { arbitrary: fc.constant((booking: Booking) => booking), weight: 1 },
    );
    const chain = fc.array(change, { maxLength: 5 }).map((changes) => {
      const bookings = [confirmed(REQUESTED)];
      for (const apply of changes) {
        const last = bookings.at(-1)!;
        // Nothing comes after a cancellation but that it is sent again.
        bookings.push(last.status === "cancelled" ? last : apply(last));
      }
      return { last: bookings.at(-1)!, messages: bookings.map(message) };
    });
    const delivered = chain.chain(({ last, messages }) =>
      fc.record({
        last: fc.constant(last),
        mail: fc
          .array(fc.nat(messages.length - 1), { maxLength: 4 })
          .map((repeated) => [...messages, ...repeated.map((at) => messages[at]!)])
          .chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
      }),
    );
    await fc.assert(
      fc.asyncProperty(delivered, async ({ last, mail }) => {
        const calendar = await newCalendar();
        for (const letter of mail) await calendar.receive(letter);
        expect(await calendar.entries()).toEqual([entryOf(last)]);
      }),
      { numRuns: 40 },
    );
  });
});
