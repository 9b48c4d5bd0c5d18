import { describe, expect, test } from "vitest";
import { liveMessage, reloadDelayMs, retryDelayMs, touches } from "../../ui/live-changes.ts";

const DAY = 86_400_000;
const SHOWN = { from: Date.parse("2026-11-29T00:00:00Z"), to: Date.parse("2027-01-03T00:00:00Z") };

function changed(start: string) {
  const end = new Date(Date.parse(start) + 30 * 60_000).toISOString();
  return { seq: 1, changes: [{ start, end, state: "taken" as const }] };
}

describe("what is shown may have changed", () => {
  test("where a time within it was taken", () => {
    expect(touches(changed("2026-12-10T09:00:00Z"), SHOWN)).toBe(true);
  });

  test("where one was taken so near that a limit per week or a buffer reaches it", () => {
    expect(touches(changed(new Date(SHOWN.from - 7 * DAY).toISOString()), SHOWN)).toBe(true);
    expect(touches(changed(new Date(SHOWN.to + 7 * DAY).toISOString()), SHOWN)).toBe(true);
  });

  test("where too much happened to be told", () => {
    expect(touches({ seq: 1, isReset: true, changes: [] }, SHOWN)).toBe(true);
  });

  test("not by times far before or after it, nor by none", () => {
    expect(touches(changed(new Date(SHOWN.from - 9 * DAY).toISOString()), SHOWN)).toBe(false);
    expect(touches(changed(new Date(SHOWN.to + 9 * DAY).toISOString()), SHOWN)).toBe(false);
    expect(touches({ seq: 1, changes: [] }, SHOWN)).toBe(false);
  });
});

test("those who look on ask again within a second, each at another moment", () => {
  expect([0, 0.5, 1].map(reloadDelayMs)).toEqual([150, 575, 1000]);
});

test("a connection is tried again later and later, every two minutes in the end, and never by all at once", () => {
  expect([0, 1, 2, 3, 6, 7, 50].map((failures) => retryDelayMs(failures, 1))).toEqual([
    1000, 2000, 4000, 8000, 64_000, 120_000, 120_000,
  ]);
  expect(retryDelayMs(3, 0)).toBe(4000);
});

describe("a frame", () => {
  test("is a message, with or without a reset", () => {
    expect(liveMessage('{"seq":7,"changes":[]}')).toEqual({ seq: 7, changes: [] });
    expect(liveMessage('{"seq":7,"isReset":true,"changes":[]}')).toEqual({
      seq: 7,
      isReset: true,
      changes: [],
    });
  });

  test.each([
    "",
    "pong",
    "null",
    "7",
    "{}",
    '{"seq":"7","changes":[]}',
    '{"seq":7,"changes":{}}',
    new Blob(),
  ])("that is none is ignored: %s", (data) => {
    expect(liveMessage(data)).toBeUndefined();
  });
});
