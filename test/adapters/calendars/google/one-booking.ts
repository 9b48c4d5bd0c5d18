/** A booking of which nothing is left out. */

import type { Booking } from "../../../../scheduling/booking.ts";
import { BOOKING as SHOWN } from "../../ics/booking.ts";

export const BOOKING: Booking = {
  ...SHOWN,
  uid: "uid-1",
  note: "About the harbour.\r\nSecond line",
  location: { kind: "link", uri: "https://meet.example/room?a=1" },
};
