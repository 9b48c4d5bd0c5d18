import { describe, expect, it } from "vitest";
import { check } from "./check.ts";
import { HOST, Story, at } from "./handwritten.ts";
import type { Finding } from "./finding.ts";
import type { Answer } from "./history.ts";

/** The one finding of a history in which every answer could be right, but for the others. */
function orderFinding(story: Story): Finding | undefined {
  const { findings } = check(story.history());
  const [only] = findings;
  return findings.length === 1 && only?.kind === "order" ? only : undefined;
}

const book = (start: number, requestId: string, holdId?: string) =>
  ({ kind: "book", offer: "quick", start, requestId, ...(holdId !== undefined && { holdId }) }) as const;

/** All slots of the offer but these of its first day. */
function slotsWithout(...taken: string[]): Answer {
  const times = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"];
  const days = [0, 1, 2, 3, 4, 5];
  const free = days.flatMap((day) =>
    times.filter((time) => day > 0 || !taken.includes(time)).map((time) => at(time, day)),
  );
  return { kind: "slots", status: 200, starts: free };
}

describe("there is no serial order", () => {
  it("where somebody is refused a time that nobody had, and the evidence says so", () => {
    const story = new Story();
    const uid = story.books("ann", "quick", at("09:00"));
    story.changes("ann", "cancel", uid);
    story.tells("bob", book(at("09:00"), "b1"), "409 SlotTaken");
    const finding = orderFinding(story);
    expect(finding?.says).toContain("a calendar would answer 201 and a booking");
    expect(finding?.evidence).toEqual([
      "#2 [40.0 to 50.0 ms] bob: book quick 2026-12-10T09:00Z (b1): 409 SlotTaken",
      "  before it: #0 [0.0 to 10.0 ms] ann: book quick 2026-12-10T09:00Z (request-2): 201 booking-1 0 confirmed 2026-12-10T09:00:00.000Z to 2026-12-10T09:30:00.000Z",
      "  before it: #1 [20.0 to 30.0 ms] ann: cancel booking-1: 200 booking-1 1 cancelled 2026-12-10T09:00:00.000Z to 2026-12-10T09:30:00.000Z",
    ]);
  });

  it("where somebody is given a time that another one held", () => {
    const story = new Story();
    story.holds("ann", "quick", at("09:00"));
    story.books("bob", "quick", at("09:00"));
    expect(orderFinding(story)?.says).toContain("409 SlotTaken");
  });

  it("where a third hold did not let go of the oldest", () => {
    const story = new Story();
    for (const time of ["09:00", "10:00", "11:00"]) story.holds("ann", "quick", at(time));
    story.tells("bob", book(at("09:00"), "b1"), "409 SlotTaken");
    expect(orderFinding(story)?.says).toContain("201 and a booking");
  });

  it("where a hold goes on after it became a booking, and after it was let go of", () => {
    const consumed = new Story();
    const hold = consumed.holds("ann", "quick", at("09:00"));
    consumed.changes("ann", "cancel", consumed.books("ann", "quick", at("09:00"), { holdId: hold }));
    consumed.tells("bob", book(at("09:00"), "b1"), "409 SlotTaken");
    expect(orderFinding(consumed)).toBeDefined();

    const released = new Story();
    const holdId = released.holds("ann", "quick", at("09:00"));
    released.tells("ann", { kind: "release", holdId }, { kind: "released" });
    released.tells("bob", book(at("09:00"), "b1"), "409 SlotTaken");
    expect(orderFinding(released)).toBeDefined();
  });

  it("where a hold blocks others after its five minutes, or is gone before", () => {
    const late = new Story();
    late.holds("ann", "quick", at("09:00"), { from: 0, at: 5 });
    late.tells("bob", book(at("09:00"), "b1"), "409 SlotTaken", { from: 300_010 });
    expect(orderFinding(late)).toBeDefined();

    const early = new Story();
    early.holds("ann", "quick", at("09:00"), { from: 0, at: 5 });
    early.books("bob", "quick", at("09:00"), { from: 299_000, at: 299_990 });
    expect(orderFinding(early)).toBeDefined();
  });

  it("where one uid was given to two bookings", () => {
    const story = new Story();
    const booking = story.booking(story.books("ann", "quick", at("09:00")));
    story.changes("ann", "cancel", booking.uid);
    story.tells("ann", book(at("09:00"), "a2"), { kind: "booking", status: 201, booking });
    const finding = check(story.history()).findings.find(({ kind }) => kind === "order");
    expect(finding?.says).toContain("201 and another uid");
  });

  it("where a requestId was not remembered", () => {
    const story = new Story();
    story.books("bob", "quick", at("09:00"));
    story.tells("ann", book(at("09:00"), "a1"), "409 SlotTaken");
    story.tells("ann", book(at("10:00"), "a1"), "409 SlotTaken");
    expect(orderFinding(story)?.says).toContain("409 RequestIdReused");
  });

  it("where a read shows what was over before it was asked", () => {
    const story = new Story();
    const before = story.booking(story.books("ann", "quick", at("09:00")));
    story.changes("ann", "cancel", before.uid);
    story.reads("ann", before);
    expect(orderFinding(story)?.says).toContain("cancelled");
  });

  it("where slots are listed that are taken, and where free ones are missing", () => {
    for (const starts of [[], [at("09:00")]]) {
      const story = new Story();
      story.books("ann", "quick", at("09:00"));
      story.tells("bob", { kind: "slots", offer: "quick" }, { kind: "slots", status: 200, starts });
      expect(orderFinding(story)?.says).toContain("200 and slots with");
    }
  });

  it("where a change is refused that was possible, or made that was not", () => {
    const refused = new Story();
    const uid = refused.books("ann", "asked", at("09:00"));
    refused.tells(HOST, { kind: "confirm", uid }, "409 WrongStatus");
    expect(orderFinding(refused)?.says).toContain("200 booking-1 1 confirmed");

    const made = new Story();
    made.changes("bob", "cancel", made.books("ann", "quick", at("09:00")));
    expect(orderFinding(made)?.says).toContain("403 NotYourBooking");
  });

  it("where a booker's move of what needs approval is confirmed", () => {
    const story = new Story();
    const before = story.booking(story.books("ann", "asked", at("09:00")));
    const ask = { kind: "reschedule", uid: before.uid, start: at("10:00"), requestId: "a1" } as const;
    const booking = { ...before, sequence: 1, status: "confirmed", start: before.end } as const;
    story.tells("ann", ask, { kind: "booking", status: 200, booking });
    const finding = check(story.history()).findings.find(({ kind }) => kind === "order");
    expect(finding?.says).toContain("200 booking-1 1 pending");
  });

  it("where a sixth request is refused though one of the five had been answered", () => {
    const story = new Story();
    const uids = ["09:00", "09:30", "10:00", "10:30", "11:00"].map((time) =>
      story.books("ann", "asked", at(time)),
    );
    story.changes(HOST, "confirm", uids[0] ?? "");
    const sixth = { kind: "book", offer: "asked", start: at("11:30"), requestId: "a6" } as const;
    story.tells("ann", sixth, "422 TooManyPending");
    expect(orderFinding(story)?.says).toContain("201 and a booking");
  });

  it("where a full day is said to be full by its limit though its time is taken, which speaks first", () => {
    const story = new Story();
    story.books("ann", "daily", at("09:00"));
    const ask = { kind: "book", offer: "daily", start: at("09:00"), requestId: "b1" } as const;
    story.tells("bob", ask, "422 LimitReached");
    expect(orderFinding(story)?.says).toContain("409 SlotTaken");
  });

  it("where two people each saw only one of two bookings, and not the same one", () => {
    const tell = (eveSeesTaken: string): Story => {
      const story = new Story();
      story.books("ann", "quick", at("09:00"), { from: 0, to: 50, at: 20 });
      story.books("bob", "quick", at("10:00"), { from: 0, to: 50, at: 20 });
      const slots = { kind: "slots", offer: "quick" } as const;
      story.tells("dan", slots, slotsWithout("09:00"), { from: 10, to: 40 });
      story.tells("eve", slots, slotsWithout(eveSeesTaken), { from: 10, to: 40 });
      return story;
    };
    expect(check(tell("09:00").history()).findings).toEqual([]);
    expect(orderFinding(tell("10:00"))?.says).toContain("all were ruled out");
  });

  it("where something is seen too late, though it would have been right in time", () => {
    const tell = (from: number): Story => {
      const story = new Story();
      story.books("ann", "quick", at("09:00"), { from: 0, to: 50, at: 5 });
      story.tells("bob", { kind: "slots", offer: "quick" }, slotsWithout(), { from, to: 60 });
      return story;
    };
    expect(check(tell(40).history()).findings).toEqual([]);
    expect(orderFinding(tell(51))?.says).toContain("200 and slots without 2026-12-10T09:00Z");
  });
});
