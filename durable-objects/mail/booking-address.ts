/** The broker's own address for one booking: ORGANIZER of its invitations, to which answers come back. Pure. */

import { bookingUidOf, hostOfBookingUid } from "../booking-uid.ts";

/** The random part of a booking's uid. What comes after it names the host, and may be too long: RFC 5321 4.5.3.1.1 has room for 64 octets. */
const KEY_LENGTH = 24;
const LOCAL_PART = /^b-([0-9a-f]{24})(?:-([a-z2-7]{24}))?$/;

/** What an address says of its booking. `uid` is absent where the host's DID was too long: the history knows what begins with `key`. */
export interface AddressedBooking {
  readonly key: string;
  readonly uid?: string;
}

/** The same in all messages about a booking. */
export function bookingAddress(bookingUid: string, domain: string): string {
  const [, plc] = /^did:plc:([a-z2-7]{24})$/.exec(hostOfBookingUid(bookingUid) ?? "") ?? [];
  return `${localPart(bookingUid)}${plc === undefined ? "" : `-${plc}`}@${domain}`;
}

/** What stands for the other of the two in an invitation: nobody sees an address that is not theirs, and nothing sent there arrives. */
export function aliasAddress(bookingUid: string, role: "host" | "booker", domain: string): string {
  return `${localPart(bookingUid)}-${role}@${domain}`;
}

/** Undefined for an address that is no booking's. */
export function addressedBooking(address: string): AddressedBooking | undefined {
  const local = address.slice(0, Math.max(0, address.lastIndexOf("@"))).toLowerCase();
  const [, key, plc] = LOCAL_PART.exec(local) ?? [];
  return key === undefined
    ? undefined
    : { key, ...(plc !== undefined && { uid: bookingUidOf(key, `did:plc:${plc}`) }) };
}

function localPart(bookingUid: string): string {
  return `b-${bookingUid.slice(0, KEY_LENGTH)}`;
}
