import { describe, expect, test } from "vitest";
import { allZones, searchZones, zoneWithOffset } from "../../ui/zone-search.ts";

const WINTER = Date.UTC(2026, 0, 15);

function found(typed: string): string[] {
  return searchZones(allZones(), typed, 5).map(({ zone }) => zone);
}

describe("searching a time zone", () => {
  test.each([
    ["new york", "America/New_York"],
    ["AMSTERDAM", "Europe/Amsterdam"],
    ["europe ams", "Europe/Amsterdam"],
    ["são paulo", "America/Sao_Paulo"],
    ["kolkata", "Asia/Kolkata"],
    ["kyiv", "Europe/Kyiv"],
    ["utc", "UTC"],
  ])("%j finds %s first", (typed, zone) => {
    expect(found(typed)[0]).toBe(zone);
  });

  test("shows no more than asked for, and nothing for nonsense", () => {
    expect(found("")).toHaveLength(5);
    expect(found("zzzz")).toEqual([]);
  });

  test("names a zone with its offset at that time", () => {
    expect(zoneWithOffset("America/New_York", WINTER)).toBe("America/New York (GMT−5)");
    expect(zoneWithOffset("Asia/Calcutta", WINTER)).toBe("Asia/Kolkata (GMT+5:30)");
    expect(zoneWithOffset("Europe/London", WINTER)).toBe("Europe/London (GMT)");
    expect(zoneWithOffset("UTC", WINTER)).toBe("UTC");
  });
});
