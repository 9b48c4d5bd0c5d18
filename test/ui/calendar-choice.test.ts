import { describe, expect, it } from "vitest";
import {
  answered,
  changed,
  choiceOf,
  lacksWriting,
  writablePlaces,
  writePlaceIn,
} from "../../ui/calendar-choice.ts";
import type { CalendarJson, ConnectionJson } from "../../worker/wire.ts";

const calendar = (id: string, more: Partial<CalendarJson> = {}): CalendarJson => ({
  id,
  name: id.toUpperCase(),
  blocks: true,
  isWritable: true,
  takesBookings: false,
  ...more,
});
const connection = (id: string, ...calendars: CalendarJson[]): ConnectionJson => ({
  id,
  kind: "caldav",
  label: id,
  state: "ok",
  asOf: "2026-11-25T11:55:00Z",
  calendars,
});
/** Two connections whose calendars are called alike: ids are unique within a connection only. */
const BOTH = [
  connection("one", calendar("a"), calendar("b", { blocks: false, takesBookings: true })),
  connection("two", calendar("a")),
];
const find = (all: readonly ConnectionJson[], id: string): ConnectionJson =>
  all.find((each) => each.id === id) ?? connection("none");

describe("what is sent of a connection", () => {
  it("names all that block, and the one that takes bookings", () => {
    expect(choiceOf(find(BOTH, "one"))).toEqual({ blocking: ["a"], takesBookings: "b" });
    expect(choiceOf(find(BOTH, "two"))).toEqual({ blocking: ["a"] });
  });

  it("changes with a tick in that calendar of that connection only", () => {
    const after = changed(BOTH, { kind: "blocks", connectionId: "one", calendarId: "a", blocks: false });
    expect(choiceOf(find(after, "one"))).toEqual({ blocking: [], takesBookings: "b" });
    expect(choiceOf(find(after, "two"))).toEqual({ blocking: ["a"] });
  });

  it("moves the bookings to another connection, away from the first, and away from all", () => {
    const moved = changed(BOTH, { kind: "takes", connectionId: "two", calendarId: "a" });
    expect(choiceOf(find(moved, "two"))).toEqual({ blocking: ["a"], takesBookings: "a" });
    expect(choiceOf(find(moved, "one"))).toEqual({ blocking: ["a"] });
    expect(writePlaceIn(moved)).toEqual({ connectionId: "two", calendarId: "a" });
    const none = changed(moved, { kind: "takes", connectionId: "two", calendarId: undefined });
    expect(writePlaceIn(none)).toBeUndefined();
  });
});

describe("a connection that was answered", () => {
  it("takes its place, and takes the bookings from where they went before", () => {
    const all = answered(BOTH, connection("two", calendar("a", { takesBookings: true })));
    expect(writePlaceIn(all)).toEqual({ connectionId: "two", calendarId: "a" });
    expect(all.map(({ id }) => id)).toEqual(["one", "two"]);
  });

  it("leaves the bookings where they go when it takes none", () => {
    const all = answered(BOTH, connection("two", calendar("a", { blocks: false })));
    expect(writePlaceIn(all)).toEqual({ connectionId: "one", calendarId: "b" });
  });

  it("is added at the end when it is new", () => {
    expect(answered(BOTH, connection("three")).map(({ id }) => id)).toEqual(["one", "two", "three"]);
  });
});

describe("where bookings can be written", () => {
  it("offers what can be written into, and what takes them now though it cannot at the moment", () => {
    const all = [
      connection("one", calendar("a"), calendar("b", { isWritable: false })),
      connection("two", calendar("c", { isWritable: false, takesBookings: true })),
      connection("three", calendar("d", { isWritable: false })),
    ];
    const offered = writablePlaces(all).flatMap(({ calendars }) => calendars.map(({ id }) => id));
    expect(offered).toEqual(["a", "c"]);
  });

  it("is to be allowed at Google where nothing there can be written into, unless it lets nobody in", () => {
    const readOnly = { ...connection("g", calendar("a", { isWritable: false })), kind: "google" as const };
    expect(lacksWriting(readOnly)).toBe(true);
    expect(lacksWriting({ ...readOnly, state: "needs_reauth" })).toBe(false);
    expect(lacksWriting({ ...readOnly, calendars: [calendar("a")] })).toBe(false);
    expect(lacksWriting({ ...readOnly, kind: "feed" })).toBe(false);
  });
});
