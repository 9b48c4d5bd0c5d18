import { describe, expect, it } from "vitest";
import {
  asOfSentence,
  calendarProblem,
  problemSentence,
  troubleSentence,
  wantsAccess,
} from "../../ui/calendar-standing.ts";
import type { CalendarJson, CalendarProblemJson, ConnectionJson } from "../../worker/wire.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const HOME: CalendarJson = { id: "h", name: "Home", blocks: true, isWritable: false, takesBookings: false };
const TEAM: CalendarJson = { ...HOME, id: "t", name: "Team" };
const WELL: ConnectionJson = {
  id: "c1",
  kind: "feed",
  label: "Work",
  state: "ok",
  asOf: "2026-11-25T11:55:00Z",
  nextRefreshAt: "2026-11-25T12:10:00Z",
  calendars: [HOME],
};
const KINDS = ["feed", "caldav", "google"] as const;
const PROBLEMS: readonly CalendarProblemJson[] = [
  "unreachable",
  "timeout",
  "too-large",
  "not-a-calendar",
  "not-found",
  "unauthorized",
  "rate-limited",
  "server-error",
  "refused-address",
  "read-only",
  "emptied",
];
const failing = (problem: CalendarProblemJson, more: Partial<ConnectionJson> = {}): ConnectionJson => ({
  ...WELL,
  state: "failing",
  problem,
  ...more,
});

describe("a connection", () => {
  it("says until when it is right, and while it fails that nothing was freed", () => {
    expect(asOfSentence(WELL, NOW, "UTC")).toBe("As of 5 min ago");
    expect(asOfSentence(failing("timeout"), NOW, "UTC")).toBe("As of 5 min ago; what was busy then still is");
  });

  it("says that it blocks no time when no calendar of it is ticked", () => {
    const { asOf: _none, ...unasked } = WELL;
    expect(asOfSentence(unasked, NOW, "UTC")).toBe("Blocks no time");
    expect(troubleSentence({ ...unasked, state: "needs_reauth" }, NOW, "UTC")).toBe(
      "cannot be read any more. Give it access again.",
    );
  });

  it("has nothing to complain of while it is well", () => {
    expect(problemSentence(WELL)).toBeUndefined();
    expect(wantsAccess(WELL)).toBe(false);
  });

  it.each(KINDS.flatMap((kind) => PROBLEMS.map((problem) => [kind, problem] as const)))(
    "of kind %s says what helps against %s: waiting, or something to do",
    (kind, problem) => {
      expect(problemSentence(failing(problem, { kind }))).toMatch(
        /tried again by itself\.$|[Gg]ive |connect it again|Choose another/,
      );
    },
  );

  it.each(KINDS)("of kind %s that lets nobody in any more asks for its access", (kind) => {
    const shut: ConnectionJson = { ...WELL, kind, state: "needs_reauth" };
    expect(problemSentence(shut)).toMatch(/Give /);
    expect(wantsAccess(shut)).toBe(true);
    expect(troubleSentence(shut, NOW, "UTC")).toBe(
      "cannot be read any more (last read 5 min ago). Give it access again.",
    );
  });

  it.each([
    ["feed", "not-found", true],
    ["feed", "too-large", true],
    ["feed", "timeout", false],
    ["feed", "emptied", false],
    ["caldav", "not-found", true],
    ["caldav", "too-large", false],
    ["google", "not-found", false],
  ] as const)("of kind %s failing with %s offers to give access again: %j", (kind, problem, expected) => {
    expect(wantsAccess(failing(problem, { kind }))).toBe(expected);
  });

  it("that is tried again by itself says so on the dashboard", () => {
    expect(troubleSentence(failing("timeout"), NOW, "UTC")).toBe(
      "cannot be read just now (last read 5 min ago). It is tried again by itself.",
    );
  });
});

describe("one calendar of several", () => {
  const account = failing("not-found", {
    kind: "caldav",
    calendars: [HOME, { ...TEAM, problem: "not-found" }],
  });
  const [well, gone] = account.calendars as [CalendarJson, CalendarJson];

  it("says itself what is wrong with it, and the account does not", () => {
    expect(calendarProblem(account, gone)).toBe("It is not there any more. Untick it if it was deleted.");
    expect(calendarProblem(account, well)).toBeUndefined();
    expect(problemSentence(account)).toBeUndefined();
    expect(wantsAccess(account)).toBe(false);
    expect(troubleSentence(account, NOW, "UTC")).toContain("cannot be read in full");
  });

  it("that blocks nothing has no problem that matters", () => {
    expect(calendarProblem(account, { ...gone, blocks: false })).toBeUndefined();
  });

  it("leaves it to its connection when it is the only one", () => {
    const alone = failing("not-found", { calendars: [{ ...HOME, problem: "not-found" }] });
    expect(calendarProblem(alone, alone.calendars[0] ?? HOME)).toBeUndefined();
    expect(problemSentence(alone)).toBe("There is nothing at its address any more. Give its new link.");
  });
});
