/** Which earlier operations a reader needs in order to judge one: those that gave the same time away, took it back, or changed the same booking. */

import type { History, Operation } from "./history.ts";
import { claimOf, collide } from "./slot-rules.ts";
import type { Claim } from "./slot-rules.ts";
import type { Step } from "./steps.ts";

/** The latest say most. */
const MOST = 8;

/** @param about the time in question, if one is */
export function relatedTo(
  { operation, ask, until }: Step,
  about: Claim | undefined,
  { operations, offers }: History,
): Operation[] {
  const offersByKey = new Map(offers.map((offer) => [offer.rkey, offer]));
  const isAtThatTime = (rkey: string, start: number): boolean => {
    const offer = offersByKey.get(rkey);
    return about !== undefined && offer !== undefined && collide(claimOf(offer, start), about);
  };
  const before = operations.filter(
    ({ id, invokedAt, answer }) => id !== operation?.id && invokedAt <= until && answer.kind !== "refused",
  );
  const touching = before.filter(({ ask: other, answer }) => {
    if (other.kind === "read") return false;
    if (answer.kind === "hold" && other.kind === "hold") return isAtThatTime(other.offer, other.start);
    if (answer.kind === "booking") {
      const { meetingType, start, previousStart = start } = answer.booking;
      return [start, previousStart].some((each) => isAtThatTime(meetingType.rkey, Date.parse(each)));
    }
    return "uid" in ask && "uid" in other && ask.uid === other.uid;
  });
  const holds = new Set(touching.flatMap(({ answer }) => (answer.kind === "hold" ? [answer.id] : [])));
  const holders = new Set(touching.flatMap(({ actor, answer }) => (answer.kind === "hold" ? [actor] : [])));
  const aboutHolds = before.filter(
    ({ actor, ask: other, answer }) =>
      (answer.kind === "hold" && holders.has(actor)) || ("holdId" in other && holds.has(other.holdId ?? "")),
  );
  const related = [...new Set([...touching, ...aboutHolds])];
  return related.toSorted((one, other) => one.answeredAt - other.answeredAt).slice(-MOST);
}
