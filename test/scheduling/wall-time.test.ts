import { describe, expect, test } from "vitest";
import { formatWallTime, parseWallTime } from "../../scheduling/wall-time.ts";

describe("wall times", () => {
  test("every minute of a day, and 24:00, is written and read back", () => {
    for (let minutes = 0; minutes <= 1440; minutes += 1)
      expect(parseWallTime(formatWallTime(minutes))).toBe(minutes);
    expect(formatWallTime(545)).toBe("09:05");
    expect(formatWallTime(1440)).toBe("24:00");
  });

  test.each([
    "",
    "9:00",
    "09:60",
    "24:01",
    "25:00",
    "09:00:00",
    " 09:00",
    "09:00\n",
    "٠٩:٠٠",
    "-1:00",
    "09.00",
  ])("%j is not a wall time", (text) => {
    expect(parseWallTime(text)).toBeUndefined();
  });
});
