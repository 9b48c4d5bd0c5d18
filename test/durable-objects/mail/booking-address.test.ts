import { expect, it } from "vitest";
import { isMailAddress } from "../../../adapters/ics/mail-address.ts";
import { newBookingUid } from "../../../durable-objects/booking-uid.ts";
import {
  addressedBooking,
  aliasAddress,
  bookingAddress,
} from "../../../durable-objects/mail/booking-address.ts";

const PLC = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
const WEB = `did:web:${"a-rather-long-name.".repeat(8)}example`;

it("an address leads back to its booking, whatever the case it comes back in", () => {
  const uid = newBookingUid(PLC);
  const address = bookingAddress(uid, "invites.example");
  expect(isMailAddress(address)).toBe(true);
  expect(addressedBooking(address.toUpperCase())?.uid).toBe(uid);
});

it("the address of a host whose DID is too long leads to what its uid begins with", () => {
  const uid = newBookingUid(WEB);
  const address = bookingAddress(uid, "invites.example");
  expect(isMailAddress(address)).toBe(true);
  expect(addressedBooking(address)).toEqual({ key: uid.slice(0, 24) });
});

it.each([
  ["postmaster@invites.example"],
  ["b-0123@invites.example"],
  [`b-${"0".repeat(24)}-${"1".repeat(24)}@invites.example`],
  [`xb-${"0".repeat(24)}@invites.example`],
  ["no address"],
  ["@"],
  [aliasAddress(newBookingUid(PLC), "host", "invites.example")],
])("%s is no booking's", (address) => {
  expect(addressedBooking(address)).toBeUndefined();
});
