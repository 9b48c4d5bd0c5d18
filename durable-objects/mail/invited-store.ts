/** To whom the last calendar object about a booking went, and what they answered. No decisions. */

import type { InvitedPerson } from "../../adapters/ics/invitation.ts";

export type Partstat = InvitedPerson["partstat"];
export type Role = InvitedPerson["role"];

export interface Invited {
  readonly role: Role;
  readonly address: string;
  /** Of what was sent last. */
  readonly sequence: number;
  readonly partstat: Partstat;
  /** When the last answer that counted was given, by its sender's clock: epoch ms. */
  readonly answeredAt?: number;
}

/** At most one of each role. */
export function invitedTo(sql: SqlStorage, bookingUid: string): Invited[] {
  return sql
    .exec<{
      role: string;
      address: string;
      sequence: number;
      partstat: string;
      answered_at: number | null;
    }>("SELECT role, address, sequence, partstat, answered_at FROM invited WHERE booking_uid = ?", bookingUid)
    .toArray()
    .map((row) => ({
      role: row.role as Role,
      address: row.address,
      sequence: row.sequence,
      partstat: row.partstat as Partstat,
      ...(row.answered_at !== null && { answeredAt: row.answered_at }),
    }));
}

/** A calendar object went out. */
export function saveInvited(sql: SqlStorage, bookingUid: string, invited: Invited): void {
  const { role, address, sequence, partstat, answeredAt } = invited;
  sql.exec(
    `INSERT INTO invited (booking_uid, role, address, sequence, partstat, answered_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (booking_uid, role) DO UPDATE SET address = excluded.address, sequence = excluded.sequence,
       partstat = excluded.partstat, answered_at = excluded.answered_at`,
    bookingUid,
    role,
    address,
    sequence,
    partstat,
    answeredAt ?? null,
  );
}
