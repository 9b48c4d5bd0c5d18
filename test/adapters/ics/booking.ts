/** A booking with everything that a calendar may show. */

import type { Booking } from "../../../scheduling/booking.ts";

export const BOOKING: Booking = {
  uid: "0123456789abcdef01234567-ZGlkOnBsYzphbGljZQ",
  sequence: 1,
  status: "confirmed",
  host: { did: "did:plc:alice", handle: "alice.test" },
  booker: { did: "did:plc:bob", handle: "bob.test" },
  meetingType: { rkey: "intro", title: "Intro call" },
  availabilityRkey: "week",
  start: Date.UTC(2026, 11, 1, 9),
  end: Date.UTC(2026, 11, 1, 9, 30),
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  timeZone: "Europe/Berlin",
  note: "About the harbour.\nSecond line; with, marks",
  email: "bob@private.example",
  location: { kind: "link", uri: "https://meet.example/room?a=1;b=2,c" },
  createdAt: 0,
  confirmedAt: 0,
};
