import { describe, expect, test } from "vitest";
import { shownDay } from "../../ui/shown-day.ts";

const NONE = { picked: undefined, looked: undefined };
const enabled = new Set(["2026-11-24", "2026-11-26"]);

describe("the day whose times are shown", () => {
  test("is the first with free times before anybody chose", () => {
    expect(shownDay({ ...NONE, enabled })).toEqual({ date: "2026-11-24", isEmptied: false });
  });

  test("is the one that was chosen", () => {
    expect(shownDay({ ...NONE, picked: "2026-11-26", enabled })?.date).toBe("2026-11-26");
  });

  test("is the first again where the chosen one has no free times, as for another length", () => {
    expect(shownDay({ ...NONE, picked: "2026-11-25", enabled })?.date).toBe("2026-11-24");
  });

  test("stays where the reader looks when an earlier day becomes free", () => {
    expect(shownDay({ ...NONE, looked: "2026-11-26", enabled })).toEqual({
      date: "2026-11-26",
      isEmptied: false,
    });
  });

  test("stays where the reader looks when its last time goes, and says so", () => {
    const looked = "2026-11-25";
    expect(shownDay({ picked: looked, looked, enabled })).toEqual({ date: looked, isEmptied: true });
    expect(shownDay({ ...NONE, looked, enabled })).toEqual({ date: looked, isEmptied: true });
  });

  test("is none in a month without free times", () => {
    expect(shownDay({ ...NONE, enabled: new Set() })).toBeUndefined();
  });
});
