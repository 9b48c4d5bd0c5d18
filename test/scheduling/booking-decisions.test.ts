import { describe, expect, test } from "vitest";
import { blocksTime, effectiveStatus, roleOf } from "../../scheduling/booking.ts";
import type { Booking, BookingStatus } from "../../scheduling/booking.ts";
import {
  decideCancel,
  decideConfirm,
  decideDecline,
  decideExpiry,
  decideReschedule,
} from "../../scheduling/booking-decisions.ts";
import * as decisions from "../../scheduling/booking-decisions.ts";
import type { MeetingType } from "../../scheduling/meeting-type.ts";
import type { Standing } from "../../scheduling/standing.ts";
import { EVERY_DAY, MINUTE_MS, availabilityIn, busyAt, question, utc, weekly } from "./scenario.ts";

const HOST = { did: "did:plc:host", handle: "host.test" };
const BOOKER = { did: "did:plc:booker", handle: "booker.test" };
const STRANGER = "did:plc:stranger";
const NOW = utc("2026-06-01 08:00");
const START = utc("2026-06-02 10:00");

const asked = (changes: Partial<MeetingType> = {}) =>
  question(availabilityIn("Europe/Berlin", weekly(EVERY_DAY, "09:00-17:00")), NOW, changes);

const STANDING: Standing = { isBlocked: false, pendingRequests: 0, pendingHours: 48 };

type Input = Parameters<typeof decisions.decideRequest>[0];

/** Asked by somebody about whom there is nothing to say, unless said otherwise. */
function decideRequest(input: Omit<Input, "standing"> & Partial<Input>) {
  return decisions.decideRequest({ standing: STANDING, ...input });
}

function booked(status: BookingStatus): Booking {
  return {
    uid: "uid-1",
    sequence: 4,
    status,
    host: HOST,
    booker: BOOKER,
    meetingType: { rkey: "3lmeetingtype", title: "Chat" },
    availabilityRkey: "3lavailability",
    start: START,
    end: START + 30 * MINUTE_MS,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    timeZone: "Europe/Berlin",
    note: "Hello",
    createdAt: NOW,
  };
}

describe("a request", () => {
  const command = { uid: "uid-1", host: HOST, booker: BOOKER, start: START };

  test("consumes the booker's own hold, and is refused by another's", () => {
    const held = (bookerDid: string) => {
      const claim = { meetingTypeRkey: "3lmeetingtype", bufferBeforeMinutes: 0, bufferAfterMinutes: 0 };
      const hold = { ...claim, bookerDid, start: START, end: START + 30 * MINUTE_MS, expiresAt: NOW + 1 };
      const occupancy = { bookings: [], holds: [hold], busy: [] };
      return decideRequest({ question: { ...asked(), occupancy }, command, now: NOW });
    };
    expect(held(BOOKER.did)).toMatchObject({ ok: true });
    expect(held(STRANGER)).toEqual({ ok: false, refusal: { code: "SlotTaken" } });
  });

  test("becomes a pending booking that remembers what the meeting type said", () => {
    const decided = decideRequest({
      question: asked({
        title: "Office hour",
        durationMinutes: 45,
        slotIntervalMinutes: 30,
        bufferBeforeMinutes: 5,
        bufferAfterMinutes: 10,
        location: { kind: "link", uri: "https://meet.example/1" },
      }),
      command: { ...command, note: "Hello", email: "me@example.org" },
      now: NOW,
    });
    expect(decided).toEqual({
      ok: true,
      value: {
        event: "requested",
        booking: {
          uid: "uid-1",
          sequence: 0,
          status: "pending",
          host: HOST,
          booker: BOOKER,
          meetingType: { rkey: "3lmeetingtype", title: "Office hour" },
          availabilityRkey: "3lavailability",
          start: START,
          end: START + 45 * MINUTE_MS,
          bufferBeforeMinutes: 5,
          bufferAfterMinutes: 10,
          timeZone: "Europe/Berlin",
          note: "Hello",
          email: "me@example.org",
          location: { kind: "link", uri: "https://meet.example/1" },
          createdAt: NOW,
          expiresAt: START,
        },
      },
    });
  });

  test("is confirmed at once where approval is automatic, and has no field it was not given", () => {
    const decided = decideRequest({ question: asked({ approval: "automatic" }), command, now: NOW });
    expect(decided).toMatchObject({
      ok: true,
      value: { event: "confirmed", booking: { status: "confirmed", confirmedAt: NOW, sequence: 0 } },
    });
    expect(Object.keys(decided.ok ? decided.value.booking : {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/note|email|location|expiresAt/)]),
    );
  });

  test("of hosts for their own time is refused before the slot is looked at", () => {
    const decided = decideRequest({
      question: asked({ active: false }),
      command: { ...command, booker: HOST },
      now: NOW,
    });
    expect(decided).toMatchObject({ ok: false, refusal: { code: "NotAllowed" } });
  });

  test("is refused with what the slot is refused with", () => {
    const taken = { ...asked(), occupancy: busyAt("2026-06-02 10:00/10:01") };
    expect(decideRequest({ question: taken, command, now: NOW })).toEqual({
      ok: false,
      refusal: { code: "SlotTaken" },
    });
    expect(decideRequest({ question: asked(), command: { ...command, start: START + 1 }, now: NOW })).toEqual(
      {
        ok: false,
        refusal: { code: "OutsideAvailability" },
      },
    );
  });

  test("waits as long as its host lets it, and never beyond its start", () => {
    const waitsUntil = (pendingHours: number) => {
      const decided = decideRequest({
        question: asked(),
        command,
        now: NOW,
        standing: { ...STANDING, pendingHours },
      });
      return decided.ok && decided.value.booking.expiresAt;
    };
    expect(waitsUntil(2)).toBe(NOW + 120 * MINUTE_MS);
    expect(waitsUntil(26)).toBe(START);
    expect(waitsUntil(336)).toBe(START);
  });

  test("of somebody who is blocked is refused before the slot is looked at, whatever they ask for", () => {
    const standing = { ...STANDING, isBlocked: true };
    for (const approval of ["manual", "automatic"] as const) {
      const paused = asked({ approval, active: false });
      expect(decideRequest({ question: paused, command, now: NOW, standing })).toMatchObject({
        refusal: { code: "NotAllowed" },
      });
    }
  });

  test("does not wait behind five others of the same booker; one that need not wait is no matter", () => {
    const withPending = (pendingRequests: number, approval: "manual" | "automatic") =>
      decideRequest({
        question: asked({ approval }),
        command,
        now: NOW,
        standing: { ...STANDING, pendingRequests },
      });
    expect(withPending(4, "manual")).toMatchObject({ ok: true });
    expect(withPending(5, "manual")).toEqual({ ok: false, refusal: { code: "TooManyPending", max: 5 } });
    expect(withPending(5, "automatic")).toMatchObject({ ok: true });
  });

  test("is judged at the time of the decision, not at that of the question", () => {
    expect(decideRequest({ question: asked(), command, now: START + 1 })).toMatchObject({
      refusal: { code: "TooSoon" },
    });
  });
});

type Decide = (booking: Booking, callerDid: string, now: number) => ReturnType<typeof decideConfirm>;
const DECISIONS: Record<"confirm" | "decline" | "cancel", Decide> = {
  confirm: decideConfirm,
  decline: (booking, did, now) => decideDecline(booking, did, "Ill", now),
  cancel: (booking, did, now) => decideCancel(booking, did, "Ill", now),
};

const BEFORE = START - 1;
const DURING = START;
const AFTER = START + 30 * MINUTE_MS;

describe("a change", () => {
  const wrong = (status: string) => ({ ok: false, refusal: { code: "WrongStatus", status } });
  const foreign = { ok: false, refusal: { code: "NotYourBooking" } };
  const ok = (fields: Partial<Booking>) => ({
    ok: true,
    value: { booking: { uid: "uid-1", sequence: 5, ...fields } },
  });

  test.each<[keyof typeof DECISIONS, BookingStatus, string, number, object]>([
    ["confirm", "pending", HOST.did, BEFORE, ok({ status: "confirmed", confirmedAt: BEFORE })],
    ["confirm", "pending", HOST.did, DURING, wrong("expired")],
    ["confirm", "pending", BOOKER.did, BEFORE, foreign],
    ["confirm", "pending", STRANGER, BEFORE, foreign],
    ["confirm", "confirmed", HOST.did, BEFORE, wrong("confirmed")],
    ["confirm", "confirmed", STRANGER, BEFORE, foreign],
    ["confirm", "declined", HOST.did, BEFORE, wrong("declined")],
    ["confirm", "cancelled", HOST.did, BEFORE, wrong("cancelled")],
    ["confirm", "expired", HOST.did, BEFORE, wrong("expired")],
    ["decline", "pending", HOST.did, BEFORE, ok({ status: "declined", reason: "Ill" })],
    ["decline", "pending", HOST.did, DURING, wrong("expired")],
    ["decline", "pending", BOOKER.did, BEFORE, foreign],
    ["decline", "pending", STRANGER, BEFORE, foreign],
    ["decline", "confirmed", HOST.did, BEFORE, wrong("confirmed")],
    ["decline", "declined", HOST.did, BEFORE, wrong("declined")],
    ["decline", "cancelled", HOST.did, BEFORE, wrong("cancelled")],
    [
      "cancel",
      "pending",
      HOST.did,
      BEFORE,
      ok({ status: "cancelled", cancelledBy: "host", cancelledAt: BEFORE, reason: "Ill" }),
    ],
    [
      "cancel",
      "pending",
      BOOKER.did,
      BEFORE,
      ok({ status: "cancelled", cancelledBy: "booker", cancelledAt: BEFORE }),
    ],
    ["cancel", "pending", BOOKER.did, DURING, wrong("expired")],
    ["cancel", "confirmed", BOOKER.did, BEFORE, ok({ status: "cancelled", cancelledBy: "booker" })],
    ["cancel", "confirmed", HOST.did, DURING, ok({ status: "cancelled", cancelledBy: "host" })],
    ["cancel", "confirmed", HOST.did, AFTER - 1, ok({ status: "cancelled" })],
    ["cancel", "confirmed", HOST.did, AFTER, wrong("ended")],
    ["cancel", "confirmed", STRANGER, BEFORE, foreign],
    ["cancel", "cancelled", HOST.did, BEFORE, wrong("cancelled")],
    ["cancel", "declined", BOOKER.did, BEFORE, wrong("declined")],
    ["cancel", "expired", BOOKER.did, BEFORE, wrong("expired")],
  ])("%s of a %s booking by %s at %d", (change, status, caller, now, expected) => {
    const before = booked(status);
    const decided = DECISIONS[change](before, caller, now);
    if (decided.ok) expect(decided).toMatchObject(expected);
    else expect(decided).toEqual(expected);
    expect(before).toEqual(booked(status));
  });

  test("keeps everything it does not change, and gives no reason where none was given", () => {
    const { status: _status, sequence: _sequence, ...kept } = booked("pending");
    const decided = decideDecline(booked("pending"), HOST.did, undefined, BEFORE);
    expect(decided).toEqual({
      ok: true,
      value: { event: "declined", booking: { ...kept, status: "declined", sequence: 5 } },
    });
    expect(decided.ok && "reason" in decided.value.booking).toBe(false);
  });
});

describe("a move", () => {
  const LATER = START + 60 * MINUTE_MS;
  const move = (
    booking: Booking,
    callerDid: string,
    {
      start = LATER,
      approval = "manual",
      now = BEFORE,
      busy = "",
      standing = STANDING,
      bookings = [booking],
    }: {
      start?: number;
      approval?: "manual" | "automatic";
      now?: number;
      busy?: string;
      standing?: Standing;
      bookings?: readonly Booking[];
    } = {},
  ) =>
    decideReschedule({
      booking,
      question: {
        ...asked({ approval }),
        occupancy: {
          ...(busy === "" ? busyAt() : busyAt(busy)),
          bookings: bookings.map((one) => ({ ...one, meetingTypeRkey: one.meetingType.rkey })),
        },
      },
      standing,
      callerDid,
      start,
      now,
    });

  test.each<[string, BookingStatus, "manual" | "automatic", BookingStatus]>([
    [HOST.did, "confirmed", "manual", "confirmed"],
    [HOST.did, "pending", "manual", "confirmed"],
    [BOOKER.did, "confirmed", "manual", "pending"],
    [BOOKER.did, "pending", "manual", "pending"],
    [BOOKER.did, "confirmed", "automatic", "confirmed"],
  ])("by %s of a %s booking with %s approval leaves it %s", (caller, before, approval, after) => {
    const decided = move(booked(before), caller, { approval });
    expect(decided).toMatchObject({
      ok: true,
      value: {
        event: "rescheduled",
        booking: {
          uid: "uid-1",
          sequence: 5,
          status: after,
          start: LATER,
          end: LATER + 30 * MINUTE_MS,
          previousStart: START,
          rescheduledAt: BEFORE,
          rescheduledBy: caller === HOST.did ? "host" : "booker",
          note: "Hello",
        },
      },
    });
    const moved = decided.ok ? decided.value.booking : undefined;
    expect(moved?.confirmedAt !== undefined).toBe(after === "confirmed");
    expect(moved?.expiresAt !== undefined).toBe(after === "pending");
  });

  test("keeps when it was confirmed", () => {
    const decided = move({ ...booked("confirmed"), confirmedAt: NOW }, HOST.did);
    expect(decided).toMatchObject({ value: { booking: { confirmedAt: NOW } } });
  });

  test("may overlap the time it leaves, but not that of another booking or something busy", () => {
    const half = { start: START + 30 * MINUTE_MS };
    const long = { ...booked("confirmed"), end: START + 60 * MINUTE_MS };
    expect(move(long, HOST.did, half)).toMatchObject({ ok: true });
    expect(move(booked("confirmed"), HOST.did, { busy: "2026-06-02 11:00/11:10" })).toMatchObject({
      refusal: { code: "SlotTaken" },
    });
    const other = { ...booked("confirmed"), uid: "uid-2", start: LATER, end: LATER + 1 };
    expect(move(booked("confirmed"), HOST.did, { bookings: [booked("confirmed"), other] })).toMatchObject({
      refusal: { code: "SlotTaken" },
    });
  });

  test("to where it is, or off the grid, is refused", () => {
    expect(move(booked("confirmed"), HOST.did, { start: START })).toMatchObject({
      refusal: { code: "WrongStatus", status: "at that time" },
    });
    expect(move(booked("confirmed"), HOST.did, { start: LATER + 1 })).toMatchObject({
      refusal: { code: "OutsideAvailability" },
    });
  });

  test.each<[BookingStatus, string, number, string]>([
    ["declined", HOST.did, BEFORE, "WrongStatus"],
    ["cancelled", BOOKER.did, BEFORE, "WrongStatus"],
    ["expired", BOOKER.did, BEFORE, "WrongStatus"],
    ["pending", BOOKER.did, DURING, "WrongStatus"],
    ["confirmed", HOST.did, AFTER, "WrongStatus"],
    ["confirmed", STRANGER, BEFORE, "NotYourBooking"],
  ])("of a %s booking by %s at %d is refused: %s", (status, caller, now, code) => {
    expect(move(booked(status), caller, { now })).toMatchObject({ ok: false, refusal: { code } });
  });

  test("by somebody who is blocked, or has five others waiting, is refused; by the host it is not", () => {
    for (const standing of [
      { ...STANDING, isBlocked: true },
      { ...STANDING, pendingRequests: 5 },
    ]) {
      expect(move(booked("confirmed"), BOOKER.did, { standing })).toMatchObject({ ok: false });
      expect(move(booked("confirmed"), HOST.did, { standing })).toMatchObject({ ok: true });
    }
  });
});

describe("where a booking may move", () => {
  test.each(["host", "booker"])("is where the decision lets it go, and nowhere else, for its %s", (role) => {
    const booking = { ...booked("confirmed"), meetingType: { rkey: "3lmeetingtype", title: "Chat" } };
    const callerDid = role === "host" ? HOST.did : BOOKER.did;
    const claim = { meetingTypeRkey: "3lmeetingtype", bufferBeforeMinutes: 0, bufferAfterMinutes: 0 };
    // Tuesday has room for one beside the stranger's hold, Wednesday is full.
    const others = ["09:00", "12:00"].map((time) => {
      const start = utc(`2026-06-03 ${time}`);
      return { ...claim, uid: `at-${time}`, start, end: start + 30 * MINUTE_MS };
    });
    const own = { ...claim, uid: booking.uid, start: booking.start, end: booking.end };
    const held = {
      ...claim,
      start: utc("2026-06-02 12:00"),
      end: utc("2026-06-02 12:30"),
      expiresAt: NOW + 1,
    };
    const holds = [
      { ...held, bookerDid: callerDid },
      { ...held, bookerDid: STRANGER, start: utc("2026-06-02 13:00"), end: utc("2026-06-02 13:30") },
    ];
    const changes = { maxPerDay: 2, slotIntervalMinutes: 10 };
    const asks = { ...asked(changes), occupancy: { bookings: [...others, own], holds, busy: [] } };
    const range = { start: utc("2026-06-02 00:00"), end: utc("2026-06-05 00:00") };
    const listed = decisions.listMoves({ booking, question: asks, callerDid, now: NOW }, range);
    const lets = (start: number): boolean =>
      decideReschedule({ booking, question: asks, standing: STANDING, callerDid, start, now: NOW }).ok;
    const every = Array.from({ length: (3 * 24 * 60) / 5 }, (_, five) => range.start + five * 5 * MINUTE_MS);
    expect(listed).toEqual({
      ok: true,
      value: every.filter(lets).map((start) => ({ start, end: start + 30 * MINUTE_MS })),
    });
    expect(every.filter(lets).length).toBeGreaterThan(20);
  });
});

describe("what time does", () => {
  test.each<[string, Partial<Booking>, number, boolean]>([
    ["nothing to a request that may still be answered", { expiresAt: NOW + 10 }, NOW + 9, false],
    ["expire a request whose time has come", { expiresAt: NOW + 10 }, NOW + 10, true],
    ["expire one without such a time when it starts", {}, START, true],
    ["nothing to a confirmed booking", { status: "confirmed", expiresAt: NOW }, AFTER, false],
    ["nothing twice", { status: "expired", expiresAt: NOW }, AFTER, false],
  ])("is %s", (_name, fields, now, isExpired) => {
    const decided = decideExpiry({ ...booked("pending"), ...fields }, now);
    expect(decided?.booking.status).toBe(isExpired ? "expired" : undefined);
    expect(decided?.booking.sequence).toBe(isExpired ? 5 : undefined);
  });
});

describe("the status as of now", () => {
  test.each<[BookingStatus, number, BookingStatus, boolean]>([
    ["pending", BEFORE, "pending", true],
    ["pending", DURING, "expired", false],
    ["confirmed", BEFORE, "confirmed", true],
    ["confirmed", AFTER, "confirmed", true],
    ["declined", BEFORE, "declined", false],
    ["cancelled", BEFORE, "cancelled", false],
    ["expired", BEFORE, "expired", false],
  ])("%s at %d is %s, blocks: %s", (status, now, effective, blocks) => {
    expect(effectiveStatus(booked(status), now)).toBe(effective);
    expect(blocksTime(booked(status), now)).toBe(blocks);
  });

  test("a booking has two sides", () => {
    expect([HOST.did, BOOKER.did, STRANGER].map((did) => roleOf(booked("pending"), did))).toEqual([
      "host",
      "booker",
      undefined,
    ]);
  });
});
