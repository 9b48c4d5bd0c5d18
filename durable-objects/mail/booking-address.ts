/** The broker's own address for one booking: ORGANIZER of its invitations, to which answers come back. Pure. */

/** The random part of a booking's uid (see booking-uid.ts); the rest names its host, which is too long for an address. */
const KEY_LENGTH = 24;
const LOCAL_PART = /^b-([0-9a-f]{24})$/;

/** The same in all messages about a booking. */
export function bookingAddress(bookingUid: string, domain: string): string {
  return `b-${bookingUid.slice(0, KEY_LENGTH)}@${domain}`;
}

/** What stands for the other of the two in an invitation: nobody sees an address that is not theirs, and nothing sent there arrives. */
export function aliasAddress(bookingUid: string, role: "host" | "booker", domain: string): string {
  return `b-${bookingUid.slice(0, KEY_LENGTH)}-${role}@${domain}`;
}

/** With what the uid of its booking begins; undefined for an address that is not of this kind. */
export function bookingKeyOf(address: string): string | undefined {
  return LOCAL_PART.exec(address.slice(0, Math.max(0, address.lastIndexOf("@"))).toLowerCase())?.[1];
}
