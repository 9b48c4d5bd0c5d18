/** Something that is owed, about nothing in particular. */

import type { Effect } from "../../../scheduling/effect.ts";

export function effect(id: string, uid: string): Effect {
  return {
    id,
    kind: "notify",
    notification: {
      id,
      recipientDid: "did:plc:x",
      kind: "booking.requested",
      bookingUid: uid,
      otherHandle: "x.test",
      meetingTitle: "x",
      start: 0,
      createdAt: 0,
    },
  };
}
