/** What an actor asks for next: drawn, so that a seed draws the same again, but out of what this actor knows by then. */

import type { Board, Seen } from "./board.ts";
import type { Draw } from "./draw.ts";
import type { Ask } from "./history.ts";
import { DAY, MINUTE } from "./offers.ts";
import type { Offer, Opening } from "./offers.ts";
import { startsOf } from "./slot-rules.ts";

/** How often each is asked for. `again`: the same request once more; `reuse`: its requestId for another time; `meddle`: what only others may. */
const BOOKER = {
  hold: 20,
  book: 30,
  cancel: 12,
  reschedule: 13,
  release: 5,
  read: 6,
  slots: 4,
  again: 4,
  reuse: 1,
  meddle: 2,
};
const HOST = {
  confirm: 26,
  decline: 16,
  cancel: 16,
  reschedule: 16,
  read: 8,
  slots: 4,
  again: 3,
  hold: 1,
  book: 1,
};

export interface Scene {
  readonly host: string;
  readonly offers: readonly Offer[];
  readonly opening: Opening;
  readonly board: Board;
  /** Bookers who want what has to be approved, and more of it than they may have waiting. */
  readonly greedy: ReadonlySet<string>;
}

/** @param requestId for the new request, if it becomes one */
export function intention(draw: Draw, actor: string, requestId: string, scene: Scene): Ask {
  const { host, offers, board } = scene;
  const kind = actor === host ? draw.weighted(HOST) : draw.weighted(BOOKER);
  const wanted = scene.greedy.has(actor) ? offers.filter(({ isManual }) => isManual) : offers;
  const offer = draw.oneOfLatest(wanted)?.rkey ?? "";
  const isStale = draw.happens(0.15);
  const known = isStale ? [...board.live(), ...board.over()] : board.live();
  const own = actor === host ? known : known.filter(({ booker }) => booker === actor);
  const instead = insteadOf(draw, actor, { kind: "slots", offer }, requestId, scene);
  switch (kind) {
    case "hold":
      return { kind, offer, start: startFor(draw, offer, scene), requestId };
    case "book":
      return bookIntention(draw, actor, { offer, requestId }, scene);
    case "release": {
      const hold = draw.oneOfLatest(board.holdsOf(actor));
      return hold === undefined ? instead : { kind, holdId: hold.id };
    }
    case "slots":
      return { kind, offer };
    case "confirm":
    case "decline": {
      const waiting = own.filter(({ status }) => isStale || status === "pending");
      return about(draw.oneOfLatest(waiting, 12), instead, ({ uid }) => ({ kind, uid }));
    }
    case "cancel":
    case "read":
      return about(draw.oneOfLatest(own, 30), instead, ({ uid }) => ({ kind, uid }));
    case "reschedule":
      return about(draw.oneOfLatest(own, 30), instead, ({ uid, meetingType }) => ({
        kind,
        uid,
        start: startFor(draw, meetingType, scene),
        requestId,
      }));
    case "meddle": {
      const meddled = draw.weighted({ confirm: 1, decline: 1, cancel: 1, read: 1 });
      return about(draw.oneOfLatest(known, 30), instead, ({ uid }) => ({ kind: meddled, uid }));
    }
    case "again":
      return draw.oneOfLatest(board.askedBy(actor), 10) ?? instead;
    case "reuse": {
      const before = draw.oneOfLatest(board.askedBy(actor), 10);
      return before?.kind === "hold" || before?.kind === "book"
        ? { ...before, start: startFor(draw, before.offer, scene) }
        : instead;
    }
  }
}

/** Half of the bookings come out of a hold, and a few of those are for another time than it was for. */
function bookIntention(
  draw: Draw,
  actor: string,
  { offer, requestId }: { readonly offer: string; readonly requestId: string },
  scene: Scene,
): Ask {
  const hold = draw.oneOfLatest(scene.board.holdsOf(actor));
  const start = startFor(draw, offer, scene);
  if (hold === undefined || draw.happens(0.4)) return { kind: "book", offer, start, requestId };
  const isForAnother = draw.happens(0.1);
  return isForAnother
    ? { kind: "book", offer, start, requestId, holdId: hold.id }
    : { kind: "book", offer: hold.offer, start: hold.start, requestId, holdId: hold.id };
}

/** What somebody does who wanted something that there is not: the host looks something up, a booker asks for a time. */
function insteadOf(
  draw: Draw,
  actor: string,
  slots: Extract<Ask, { kind: "slots" }>,
  requestId: string,
  scene: Scene,
): Ask {
  const { offer } = slots;
  if (actor !== scene.host) return { kind: "book", offer, start: startFor(draw, offer, scene), requestId };
  return about(draw.oneOfLatest(scene.board.live(), 30), slots, ({ uid }) => ({ kind: "read", uid }));
}

function about(seen: Seen | undefined, otherwise: Ask, ask: (seen: Seen) => Ask): Ask {
  return seen === undefined ? otherwise : ask(seen);
}

/** Nearly always a start that is offered; else one that is off the grid, after hours, past, or too far ahead. */
function startFor(draw: Draw, rkey: string, { offers, opening }: Scene): number {
  const offer = offers.find((one) => one.rkey === rkey);
  const start = (offer && draw.oneOfLatest(startsOf(offer, opening))) ?? opening.firstDay;
  if (!draw.happens(0.03)) return start;
  const odd = draw.weighted({ offGrid: 1, afterHours: 1, past: 1, tooFar: 1 });
  switch (odd) {
    case "offGrid":
      return start + MINUTE;
    case "afterHours":
      return start - (start % DAY) + opening.untilMinute * MINUTE;
    case "past":
      return start - 30 * DAY;
    case "tooFar":
      return start + 60 * DAY;
  }
}
