/** A booking of which nothing is left out. */

import type { Booking } from "../../../../scheduling/booking.ts";

export const BOOKING: Booking = {
  uid: "uid-1",
  sequence: 1,
  status: "confirmed",
  host: { did: "did:plc:alice", handle: "alice.test" },
  booker: { did: "did:plc:bob", handle: "bob.test" },
  meetingType: { rkey: "intro", title: "Intro call" },
  availabilityRkey: "week",
  start: Date.UTC(2026, 11, 1, 9),
  end: Date.UTC(2026, 11, 1, 9, 30),
  bufferBeforeMinutes: 15,
  bufferAfterMinutes: 15,
  timeZone: "Europe/Berlin",
  note: "About the harbour.\r\nSecond line",
  email: "bob@private.example",
  location: { kind: "link", uri: "https://meet.example/room?a=1" },
  createdAt: 0,
  confirmedAt: 0,
};
