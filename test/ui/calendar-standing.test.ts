import { describe, expect, it } from "vitest";
import { asOfSentence, problemSentence } from "../../ui/calendar-standing.ts";
import type { CalendarJson } from "../../worker/wire.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const WELL: CalendarJson = {
  id: "c1",
  kind: "feed",
  label: "Work",
  state: "ok",
  asOf: "2026-11-25T11:55:00Z",
  nextRefreshAt: "2026-11-25T12:10:00Z",
};
const PROBLEMS = [
  "unreachable",
  "timeout",
  "too-large",
  "not-a-calendar",
  "not-found",
  "unauthorized",
  "rate-limited",
  "server-error",
  "refused-address",
  "emptied",
] as const;

describe("a connected calendar", () => {
  it("says until when it is right, and while it fails that nothing was freed", () => {
    expect(asOfSentence(WELL, NOW, "UTC")).toBe("As of 5 min ago");
    expect(asOfSentence({ ...WELL, state: "failing", problem: "timeout" }, NOW, "UTC")).toBe(
      "As of 5 min ago; what was busy then still is",
    );
  });

  it("has nothing to complain of while it is well", () => {
    expect(problemSentence(WELL)).toBeUndefined();
  });

  it.each(PROBLEMS)("says what helps against %s: waiting, or something to do", (problem) => {
    const said = problemSentence({ ...WELL, state: "failing", problem });
    expect(said).toMatch(/It is tried again by itself\.$|[Cc]onnect/);
  });
});
