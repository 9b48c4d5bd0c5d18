import { describe, expect, it } from "vitest";
import { check } from "./check.ts";
import { HOST, Story, at } from "./handwritten.ts";
import type { BookingRow, History } from "./history.ts";

/** The findings of a history, each as its kind and sentence. */
function found(history: History): string[] {
  return check(history).findings.map(({ kind, says }) => `${kind}: ${says}`);
}

function kindsFoundIn(story: Story): string[] {
  return check(story.history()).findings.map(({ kind }) => kind);
}

const SLOTS = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"];

describe("a double booking is found", () => {
  it("where two bookings overlap", () => {
    const story = new Story();
    story.books("ann", "quick", at("09:00"));
    story.books("bob", "asked", at("09:00"));
    expect(kindsFoundIn(story)).toContain("overlap");
  });

  it("where it was over long before the end", () => {
    const story = new Story();
    const uid = story.books("ann", "quick", at("09:00"));
    const other = story.books("bob", "quick", at("09:00"));
    story.changes("ann", "cancel", uid);
    story.changes("bob", "cancel", other);
    expect(kindsFoundIn(story)).toContain("overlap");
  });

  it("where one was called off while the other was there already, by the date of that", () => {
    const story = new Story();
    const uid = story.books("ann", "quick", at("09:00"), { from: 0, at: 5 });
    story.books("bob", "quick", at("09:00"), { from: 20, at: 25 });
    story.changes("ann", "cancel", uid, { from: 10, to: 60, at: 50 });
    expect(kindsFoundIn(story)).toContain("overlap");
  });

  it("where a request was read beside another booking, and nobody was told when it ended", () => {
    const story = new Story();
    const uid = story.books("ann", "asked", at("09:00"));
    story.books("bob", "quick", at("09:00"));
    story.reads("ann", story.booking(uid));
    story.changesUnheard(HOST, "decline", uid, { from: 15, to: 90 });
    expect(kindsFoundIn(story)).toContain("overlap");
  });

  it("where a request was seen waiting beside another booking before it was turned down, at a time that nobody dated", () => {
    const story = new Story();
    const uid = story.books("ann", "asked", at("09:00"));
    story.books("bob", "quick", at("09:00"));
    story.changes(HOST, "decline", uid);
    expect(kindsFoundIn(story)).toContain("overlap");
  });

  it("where only the larger of two buffers is not kept", () => {
    const story = new Story();
    story.books("ann", "airy", at("09:00"));
    story.books("bob", "quick", at("09:30"));
    expect(kindsFoundIn(story)).toContain("overlap");
  });

  it("but not where a booking moved away in time", () => {
    const story = new Story();
    const uid = story.books("ann", "quick", at("09:00"));
    story.moves("ann", uid, at("10:00"));
    story.books("bob", "quick", at("09:00"));
    expect(found(story.history())).toEqual([]);
  });
});

describe("a limit that was overrun is found", () => {
  it("on a day", () => {
    const story = new Story();
    story.books("ann", "daily", at("09:00"));
    story.books("bob", "daily", at("11:00"));
    expect(kindsFoundIn(story)).toContain("limit");
  });

  it("in an ISO week, which ends on Sunday", () => {
    const story = new Story();
    for (const [index, day] of [0, 2, 4, 5].entries())
      story.books(`booker ${index}`, "weekly", at("09:00", day));
    expect(found(story.history())).toEqual([]);
    story.books("eve", "weekly", at("09:00", 3));
    expect(kindsFoundIn(story)).toContain("limit");
  });
});

describe("a lost decision is found", () => {
  it("where the authority ends with an earlier sequence number than it acknowledged", () => {
    const story = new Story();
    const before = story.booking(story.books("ann", "quick", at("09:00")));
    story.changes("ann", "cancel", before.uid);
    const history = story.history();
    const closing = history.closing.map((read) => ({
      ...read,
      answer: { kind: "booking", status: 200, booking: before } as const,
    }));
    expect(found({ ...history, closing })).toContain(
      "lost: booking-1 had come to sequence 1 and ends with 0.",
    );
  });

  it("where the authority does not know the booking any more", () => {
    const story = new Story();
    story.books("ann", "quick", at("09:00"));
    const history = story.history();
    const closing = history.closing.map((read) => ({
      ...read,
      answer: { kind: "refused", status: 404, error: "BookingNotFound" } as const,
    }));
    const rows = { ...history.rows, bookings: [] };
    expect(found({ ...history, closing, rows })).toContain(
      "lost: booking-1 was acknowledged and is not there in the end.",
    );
  });

  it("where D1 lacks a booking, lags behind, has another time, or has one of nobody's", () => {
    const cases: [(row: BookingRow) => BookingRow[], string][] = [
      [() => [], "lost: booking-1: D1 has no row of it."],
      [(row) => [{ ...row, sequence: 0, status: "pending" }], "lost: booking-1: D1 has 0 pending."],
      [(row) => [{ ...row, status: "declined" }], "lost: booking-1: D1 has 1 declined."],
      [(row) => [{ ...row, start: row.start - 1 }], "lost: booking-1: D1 has 1 confirmed."],
      [(row) => [{ ...row, end: row.end + 1 }], "lost: booking-1: D1 has 1 confirmed."],
      [(row) => [row, { ...row, uid: "other" }], "lost: D1 has other 1 confirmed, which nobody was told of."],
    ];
    for (const [rowsFor, expected] of cases) {
      const story = new Story();
      story.changes(HOST, "confirm", story.books("ann", "asked", at("09:00")));
      const history = story.history();
      const bookings = history.rows.bookings.flatMap(rowsFor);
      expect(found({ ...history, rows: { ...history.rows, bookings } })).toEqual([expected]);
    }
  });

  it("where D1 lacks a word to somebody, or has it twice", () => {
    const story = new Story();
    story.changes(HOST, "confirm", story.books("ann", "asked", at("09:00")));
    const history = story.history();
    const [requested, confirmed] = history.rows.notifications;
    if (!requested || !confirmed) throw new Error("Two were told.");
    const withWords = (notifications: History["rows"]["notifications"]) =>
      found({ ...history, rows: { ...history.rows, notifications } });
    expect(withWords([requested])).toEqual(["lost: D1 lacks 1: booking.confirmed of booking-1 to ann."]);
    expect(withWords([requested, requested, confirmed])).toEqual([
      `lost: D1 has 1 too many: booking.requested of booking-1 to ${HOST}.`,
    ]);
  });
});

describe("a contradiction is found", () => {
  it("where two answers to one requestId differ", () => {
    const story = new Story();
    const ask = { kind: "book", offer: "quick", start: at("09:05"), requestId: "a1" } as const;
    story.tells("ann", ask, "422 OutsideAvailability");
    story.tells("ann", ask, "409 SlotTaken");
    expect(found(story.history())).toContain("contradiction: Two answers to requestId a1 differ.");
    expect(kindsFoundIn(story)).toContain("order");
  });

  it("where two answers for one sequence number differ", () => {
    const story = new Story();
    const booking = story.booking(story.books("ann", "quick", at("09:00")));
    story.reads("ann", { ...booking, end: booking.start });
    expect(found(story.history())).toContain(
      "contradiction: Two answers for booking-1 at sequence 0 differ.",
    );
  });

  it("where a confirmation and a decline were both acknowledged", () => {
    const story = new Story();
    const uid = story.books("ann", "asked", at("09:00"));
    const declined = story.changed(HOST, "decline", uid);
    const times = { from: 50, to: 70, at: 60 };
    story.changes(HOST, "confirm", uid, times);
    story.tells(HOST, { kind: "decline", uid }, { kind: "booking", status: 200, booking: declined }, times);
    expect(found(story.history())).toContain(
      "contradiction: confirm and decline of booking-1 were both acknowledged for sequence 1.",
    );
  });

  it("where a cancelled booking was cancelled once more", () => {
    const story = new Story();
    const uid = story.books("ann", "quick", at("09:00"));
    story.changes("ann", "cancel", uid);
    story.changes(HOST, "cancel", uid);
    expect(found(story.history())).toContain(
      "contradiction: booking-1 was cancelled at sequence 1 and did not end there.",
    );
  });

  it("where one hold was given to two requests", () => {
    const story = new Story();
    const id = story.holds("ann", "quick", at("09:00"));
    const ask = { kind: "hold", offer: "quick", start: at("10:00"), requestId: "a2" } as const;
    story.tells("ann", ask, { kind: "hold", status: 201, id, expiresAt: at("09:00") });
    expect(found(story.history())).toContain("contradiction: Hold hold-1 was given to two requests.");
  });

  it("where something was decided that nobody asked for", () => {
    const story = new Story();
    const uid = story.books("ann", "asked", at("09:00"));
    story.reads("ann", story.changed(HOST, "confirm", uid));
    expect(found(story.history())).toContain(
      "contradiction: Nobody asked for sequence 1 of booking-1, which must be a confirm.",
    );
  });

  it("where what was asked for, and never answered, does not explain what was decided", () => {
    const lost = { kind: "unknown" } as const;
    const tell = (actor: string, kind: "cancel" | "decline", from: number): Story => {
      const story = new Story();
      const uid = story.books("ann", "asked", at("09:00"));
      story.tells(actor, { kind, uid }, lost, { from, to: from + 20 });
      story.reads("ann", story.changed(HOST, "cancel", uid, { at: 110 }), { from: 200 });
      return story;
    };
    const sentence = "contradiction: Nobody asked for sequence 1 of booking-1, which must be a cancel.";
    expect(found(tell(HOST, "cancel", 100).history())).not.toContain(sentence);
    expect(found(tell("ann", "cancel", 100).history())).toContain(sentence);
    expect(found(tell(HOST, "decline", 100).history())).toContain(sentence);
    expect(found(tell(HOST, "cancel", 150).history())).toContain(sentence);
  });

  it("where six requests of one booker waited at once", () => {
    const story = new Story();
    for (const time of SLOTS) story.books("ann", "asked", at(time));
    expect(found(story.history())).toContain("contradiction: ann had 6 requests waiting, of 5 at most.");
  });
});
