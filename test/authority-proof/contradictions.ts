/** Answers that cannot both be true, whatever the order. */

import { blocks } from "./booked.ts";
import { finding } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { History, Operation } from "./history.ts";
import { gapsOf, lostDecisions } from "./lost-answers.ts";
import type { Version, Versions } from "./versions.ts";
import { short } from "./words.ts";

/** Different answers to one requestId, except that it was used for something else before. */
export function repeatsThatDiffer({ operations }: History): Finding[] {
  const first = new Map<string, Operation>();
  const found: Finding[] = [];
  for (const operation of operations) {
    const { actor, ask, answer } = operation;
    if (!("requestId" in ask) || answer.kind === "unknown") continue;
    const key = `${actor} ${JSON.stringify(ask)}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, operation);
    else if (JSON.stringify(before.answer) !== JSON.stringify(answer)) {
      const says = `Two answers to requestId ${short(ask.requestId)} differ.`;
      found.push(finding("contradiction", says, [before, operation]));
    }
  }
  return found;
}

/** Sequence numbers that say two things, or that two people were told they had decided. */
export function versionsThatDiffer({ operations, closing }: History, versions: Versions): Finding[] {
  const found: Finding[] = [];
  for (const operation of [...operations, ...closing]) {
    if (operation.answer.kind !== "booking") continue;
    const { uid, sequence } = operation.answer.booking;
    const version = versions.get(uid)?.get(sequence);
    if (version !== undefined && version.json !== JSON.stringify(operation.answer.booking)) {
      const says = `Two answers for ${short(uid)} at sequence ${sequence} differ.`;
      found.push(finding("contradiction", says, [version.shownBy[0], operation]));
    }
  }
  for (const [uid, ofUid] of versions) {
    for (const [sequence, version] of ofUid) {
      const [one, other] = decidersOf(version);
      if (one === undefined || other === undefined) continue;
      const says = `${one.ask.kind} and ${other.ask.kind} of ${short(uid)} were both acknowledged for sequence ${sequence}.`;
      found.push(finding("contradiction", says, [one, other]));
    }
  }
  return found;
}

/** Bookings that were over, and then decided upon once more. */
export function decidedAfterTheEnd(versions: Versions): Finding[] {
  return [...versions].flatMap(([uid, ofUid]) =>
    [...ofUid.values()].flatMap((version) => {
      const next = ofUid.get(version.booked.sequence + 1);
      if (next === undefined || blocks(version.booked)) return [];
      const says = `${short(uid)} was ${version.booked.status} at sequence ${version.booked.sequence} and did not end there.`;
      return [finding("contradiction", says, [version.shownBy[0], next.shownBy[0]])];
    }),
  );
}

/** Holds that were given twice. */
export function holdsGivenTwice({ operations }: History): Finding[] {
  const given = new Map<string, Operation>();
  return operations.flatMap((operation) => {
    if (operation.answer.kind !== "hold") return [];
    const { id } = operation.answer;
    const before = given.get(id);
    given.set(id, before ?? operation);
    return before === undefined || requestOf(before) === requestOf(operation)
      ? []
      : [finding("contradiction", `Hold ${short(id)} was given to two requests.`, [before, operation])];
  });
}

/** Sequence numbers that came about although nobody asked for what they say. */
export function decidedByNobody(history: History, versions: Versions): Finding[] {
  const explained = new Set(
    [...lostDecisions(history, versions).values()].map(({ uid, sequence }) => `${uid}/${sequence}`),
  );
  return [...gapsOf(versions).values()].flat().flatMap(({ uid, sequence, kind }) => {
    if (explained.has(`${uid}/${sequence}`)) return [];
    const says = `Nobody asked for sequence ${sequence} of ${short(uid)}, which must be a ${kind}.`;
    const ofUid = versions.get(uid);
    const around = [sequence - 1, sequence, sequence + 1].map((each) => ofUid?.get(each)?.shownBy[0]);
    return [finding("contradiction", says, around)];
  });
}

/** The operations that were told they had made this version, one for each request. */
function decidersOf({ shownBy }: Version): Operation[] {
  const deciders = shownBy.filter(({ ask }) => ask.kind !== "read");
  return [...new Map(deciders.map((operation) => [requestOf(operation), operation])).values()];
}

/** The same for all repeats of one request. */
function requestOf({ id, actor, ask }: Operation): string {
  return "requestId" in ask ? `${actor} ${ask.requestId}` : `operation ${id}`;
}
