import { describe, expect, test } from "vitest";
import {
  blocksTime,
  decideCancel,
  decideConfirm,
  decideDecline,
  decideRequest,
  effectiveStatus,
  roleOf,
} from "../../scheduling/booking.ts";
import type { Booking, BookingStatus } from "../../scheduling/booking.ts";
import type { MeetingType } from "../../scheduling/meeting-type.ts";
import { EVERY_DAY, MINUTE_MS, availabilityIn, busyAt, question, utc, weekly } from "./scenario.ts";

const HOST = { did: "did:plc:host", handle: "host.test" };
const BOOKER = { did: "did:plc:booker", handle: "booker.test" };
const STRANGER = "did:plc:stranger";
const NOW = utc("2026-06-01 08:00");
const START = utc("2026-06-02 10:00");

const asked = (changes: Partial<MeetingType> = {}) =>
  question(availabilityIn("Europe/Berlin", weekly(EVERY_DAY, "09:00-17:00")), NOW, changes);

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
      },
    });
  });

  test("is confirmed at once where approval is automatic, and has no field it was not given", () => {
    const decided = decideRequest({ question: asked({ approval: "automatic" }), command, now: NOW });
    expect(decided).toMatchObject({
      ok: true,
      value: { status: "confirmed", confirmedAt: NOW, sequence: 0 },
    });
    expect(Object.keys(decided.ok ? decided.value : {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/note|email|location/)]),
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
  const ok = (fields: Partial<Booking>) => ({ ok: true, value: { uid: "uid-1", sequence: 5, ...fields } });

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
    expect(decided).toEqual({ ok: true, value: { ...kept, status: "declined", sequence: 5 } });
    expect(decided.ok && "reason" in decided.value).toBe(false);
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
