/** A short claim on a slot while its booker fills the form: given as a booking would be. Pure: `now` (epoch ms) is passed in. */

import type { Party } from "./booking.ts";
import { accepted, refused } from "./refusal.ts";
import type { Result } from "./refusal.ts";
import type { Hold, SlotQuestion } from "./slot-question.ts";
import { judgeSlot } from "./slots.ts";
import { refusedBooker } from "./standing.ts";
import type { Standing } from "./standing.ts";

/** How long a hold lasts. */
export const HOLD_MS = 5 * 60_000;

/** How many live holds one booker may have of one host; one more lets go of the oldest. */
export const MAX_HOLDS = 2;

/** A hold as it is given away. */
export interface GivenHold extends Hold {
  readonly id: string;
}

/** A hold of a slot that could be booked now. Refusals: as for a booking. */
export function decideHold(input: {
  readonly id: string;
  readonly question: SlotQuestion;
  readonly standing: Standing;
  readonly host: Pick<Party, "did">;
  readonly booker: Pick<Party, "did">;
  readonly start: number;
  readonly now: number;
}): Result<GivenHold> {
  const { id, question, standing, host, booker, start, now } = input;
  const { meetingType } = question;
  const refusal = refusedBooker(standing, meetingType.approval, { host, booker });
  if (refusal !== undefined) return refused(refusal);
  const slot = judgeSlot({ ...question, now, viewerDid: booker.did }, start);
  if (!slot.ok) return slot;
  return accepted({
    id,
    ...slot.value,
    meetingTypeRkey: meetingType.rkey,
    bufferBeforeMinutes: meetingType.bufferBeforeMinutes,
    bufferAfterMinutes: meetingType.bufferAfterMinutes,
    bookerDid: booker.did,
    expiresAt: now + HOLD_MS,
  });
}
