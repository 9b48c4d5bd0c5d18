import { describe, expect, it } from "vitest";
import { check } from "./check.ts";
import { HOST, Story, at } from "./handwritten.ts";
import type { History } from "./history.ts";

/** The findings of a history, each as its kind and sentence. */
function found(history: History): string[] {
  return check(history).findings.map(({ kind, says }) => `${kind}: ${says}`);
}

const SLOTS = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"];

describe("a right history is accepted", () => {
  it("in which everything happens that may", () => {
    const story = new Story();
    const hold = story.holds("ann", "asked", at("09:00"));
    story.tells(
      "bob",
      { kind: "book", offer: "quick", start: at("09:00"), requestId: "b1" },
      "409 SlotTaken",
    );
    const uid = story.books("ann", "asked", at("09:00"), { holdId: hold });
    story.tells("ann", { kind: "confirm", uid }, "403 NotYourBooking");
    story.tells("bob", { kind: "cancel", uid }, "403 NotYourBooking");
    story.changes(HOST, "confirm", uid);
    story.tells(HOST, { kind: "decline", uid }, "409 WrongStatus");
    story.moves("ann", uid, at("10:00"));
    story.tells(HOST, { kind: "reschedule", uid, start: at("10:00"), requestId: "h1" }, "409 WrongStatus");
    story.moves(HOST, uid, at("11:00"));
    story.tells(
      HOST,
      { kind: "hold", offer: "quick", start: at("10:00"), requestId: "h2" },
      "403 NotAllowed",
    );
    const airy = story.books("bob", "airy", at("09:30"));
    story.tells(
      "cat",
      { kind: "hold", offer: "quick", start: at("10:00"), requestId: "c1" },
      "409 SlotTaken",
    );
    story.changes("bob", "cancel", airy);
    story.reads(HOST, story.booking(airy));
    const starts = SLOTS.filter((time) => time !== "11:00").map((time) => at(time));
    const others = [1, 2, 3, 4, 5].flatMap((day) => SLOTS.map((time) => at(time, day)));
    story.tells(
      "cat",
      { kind: "slots", offer: "quick" },
      { kind: "slots", status: 200, starts: [...starts, ...others] },
    );
    expect(found(story.history())).toEqual([]);
  });

  it("in which who was answered first came last, as long as both were asked at once", () => {
    const story = new Story();
    story.tells(
      "bob",
      { kind: "book", offer: "quick", start: at("09:00"), requestId: "b1" },
      "409 SlotTaken",
      {
        from: 0,
        to: 10,
      },
    );
    story.books("ann", "quick", at("09:00"), { from: 5, to: 30, at: 7 });
    expect(found(story.history())).toEqual([]);
  });

  it("in which it was the second of two lost answers that decided, and other changes of it did not", () => {
    const story = new Story();
    const uid = story.books("ann", "asked", at("09:00"));
    const lost = { kind: "unknown" } as const;
    story.tells(HOST, { kind: "decline", uid }, lost, { from: 100, to: 110 });
    story.tells(HOST, { kind: "cancel", uid }, lost, { from: 100, to: 110 });
    story.reads("ann", story.booking(uid), { from: 120, to: 130 });
    story.changesUnheard(HOST, "cancel", uid, { from: 140, to: 160, at: 150 });
    expect(found(story.history())).toEqual([]);

    const other = new Story();
    const declined = other.books("ann", "asked", at("09:00"));
    other.tells(HOST, { kind: "decline", uid: declined }, lost, { from: 100, to: 110 });
    other.reads("ann", other.booking(declined), { from: 120, to: 130 });
    other.changesUnheard(HOST, "decline", declined, { from: 140, to: 160 });
    expect(found(other.history())).toEqual([]);
  });

  it("in which lost answers were decisions, were refusals, or never arrived", () => {
    const story = new Story();
    const [one, two] = [story.books("ann", "asked", at("09:00")), story.books("bob", "asked", at("10:00"))];
    story.changesUnheard(HOST, "confirm", one, { from: 100, to: 120, at: 110 });
    story.tells(HOST, { kind: "confirm", uid: one }, { kind: "unknown" }, { from: 101, to: 120 });
    story.tells("ann", { kind: "cancel", uid: one }, { kind: "unknown" }, { from: 101, to: 120 });
    story.changesUnheard(HOST, "decline", two, { from: 101, to: 120 });
    story.books("cat", "quick", at("10:00"));
    story.moves("ann", one, at("11:00"));
    expect(found(story.history())).toEqual([]);
  });

  it("in which a third hold lets go of the oldest, and a booking of the hold it came from", () => {
    const story = new Story();
    story.holds("ann", "quick", at("09:00"));
    const second = story.holds("ann", "quick", at("10:00"));
    const bobs = { kind: "book", offer: "quick", start: at("09:00"), requestId: "b1" } as const;
    story.tells("bob", bobs, "409 SlotTaken");
    story.holds("ann", "quick", at("11:00"));
    story.books("bob", "quick", at("09:00"));
    const uid = story.books("ann", "quick", at("10:00"), { holdId: second });
    story.changes("ann", "cancel", uid);
    story.holds("bob", "quick", at("10:00"));
    const third = story.holds("ann", "quick", at("11:30"));
    story.books("ann", "quick", at("09:00", 1), { holdId: third });
    story.books("bob", "quick", at("11:30"));
    expect(found(story.history())).toEqual([]);
  });

  it("in which a hold and a booking take the place of the same booker's holds of that time, and of no others", () => {
    const story = new Story();
    for (const time of ["09:00", "10:00", "10:00"]) story.holds("ann", "quick", at(time));
    story.changes("ann", "cancel", story.books("ann", "quick", at("10:00")));
    story.books("bob", "quick", at("10:00"));
    const cats = { kind: "book", offer: "quick", start: at("09:00"), requestId: "c1" } as const;
    story.tells("cat", { kind: "release", holdId: "hold-1" }, { kind: "released" });
    story.tells("cat", cats, "409 SlotTaken");
    expect(found(story.history())).toEqual([]);
  });

  it("in which a booking moves to where its own buffers reach", () => {
    const story = new Story();
    story.moves("ann", story.books("ann", "airy", at("09:00")), at("09:30"));
    expect(found(story.history())).toEqual([]);
  });

  it("in which times are refused that are not offered, and those beyond a limit", () => {
    const story = new Story();
    story.books("ann", "daily", at("09:00"));
    for (const day of [0, 1]) story.books("ann", "weekly", at("10:00", day));
    const asks: [string, number, string][] = [
      ["quick", at("09:10"), "422 OutsideAvailability"],
      ["quick", at("12:00"), "422 OutsideAvailability"],
      ["quick", at("09:00", -11), "422 TooSoon"],
      ["quick", at("09:00", 60), "422 BeyondHorizon"],
      ["daily", at("09:00"), "409 SlotTaken"],
      ["daily", at("11:00"), "422 LimitReached"],
      ["weekly", at("11:00", 3), "422 LimitReached"],
    ];
    for (const [index, [offer, start, answer]] of asks.entries()) {
      story.tells("bob", { kind: "book", offer, start, requestId: `b${index}` }, answer);
    }
    story.books("bob", "daily", at("11:00", 1));
    story.books("bob", "weekly", at("11:00", 4));
    expect(found(story.history())).toEqual([]);
  });

  it("in which a hold runs out after five minutes, and too late for who comes with it then", () => {
    const story = new Story();
    const hold = story.holds("ann", "quick", at("09:00"), { from: 0, at: 5 });
    story.books("bob", "quick", at("09:00"), { from: 300_010, at: 300_015 });
    const ask = { kind: "book", offer: "quick", start: at("09:00"), requestId: "a1", holdId: hold } as const;
    story.tells("ann", ask, "410 HoldExpired");
    expect(found(story.history())).toEqual([]);
  });

  it("in which a repeated requestId gets its first answer, and another question under it none", () => {
    const story = new Story();
    story.books("bob", "quick", at("09:00"));
    const ask = { kind: "book", offer: "quick", start: at("09:00"), requestId: "a1" } as const;
    story.tells("ann", ask, "409 SlotTaken");
    story.changes("bob", "cancel", "booking-1");
    story.tells("ann", ask, "409 SlotTaken");
    story.tells("ann", { ...ask, start: at("10:00") }, "409 RequestIdReused");
    const other = { ...ask, requestId: "a2", start: at("10:05") } as const;
    story.tells("ann", { ...other, start: at("11:00") }, "409 RequestIdReused", { from: 200, to: 220 });
    story.tells("ann", other, "422 OutsideAvailability", { from: 205, to: 225 });
    expect(found(story.history())).toEqual([]);
  });

  it("in which five requests wait, and neither a sixth nor a move that would make one is taken", () => {
    const story = new Story();
    const confirmed = story.books("ann", "asked", at("11:30"));
    story.changes(HOST, "confirm", confirmed);
    const waiting = SLOTS.slice(0, 5).map((time) => story.books("ann", "asked", at(time)));
    const sixth = { offer: "asked", start: at("09:00"), requestId: "a6" };
    story.tells("ann", { kind: "book", ...sixth }, "422 TooManyPending");
    const move = { kind: "reschedule", start: at("09:00", 1), requestId: "a7" } as const;
    story.tells("ann", { ...move, uid: confirmed }, "422 TooManyPending");
    story.moves("ann", waiting[0] ?? "", at("09:00", 1));
    story.moves(HOST, confirmed, at("11:00", 1));
    story.books("ann", "quick", at("09:00"));
    expect(found(story.history())).toEqual([]);
  });
});
