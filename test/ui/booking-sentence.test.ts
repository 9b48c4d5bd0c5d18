import { describe, expect, test } from "vitest";
import {
  deadlineSentence,
  expirySentence,
  movedSentence,
  moveSentence,
  unseenSentence,
} from "../../ui/booking-sentence.ts";

const TIME = {
  zone: "Europe/Amsterdam",
  hourCycle: "h23" as const,
  now: Date.parse("2026-11-25T12:00:00Z"),
};
const pending = { status: "pending" as const, expiresAt: "2026-11-27T13:00:00Z" };

describe("a request that waits", () => {
  test("tells the booker until when the host can answer, and the host what happens then", () => {
    expect(deadlineSentence(pending, "booker", TIME)).toBe("The host has until Fri 27 Nov, 14:00 to answer.");
    expect(deadlineSentence(pending, "host", TIME)).toBe("Answer until Fri 27 Nov, 14:00; then it expires.");
  });

  test("tells it by the reader's own clock, with the year where it is another", () => {
    const late = { ...pending, expiresAt: "2027-01-04T00:30:00Z" };
    const time = { ...TIME, zone: "America/New_York", hourCycle: "h12" as const };
    expect(deadlineSentence(late, "booker", time)).toBe(
      "The host has until Sun 3 Jan 2027, 7:30 pm to answer.",
    );
  });

  test("is the only booking with a deadline", () => {
    expect(deadlineSentence({ ...pending, status: "declined" }, "host", TIME)).toBeUndefined();
    expect(deadlineSentence({ status: "pending" }, "host", TIME)).toBeUndefined();
  });
});

test("a request that expired says whose answer did not come; no other booking does", () => {
  expect(expirySentence("expired", "host")).toBe("You did not answer in time.");
  expect(expirySentence("expired", "booker")).toBe("The host did not answer in time.");
  expect(expirySentence("declined", "booker")).toBeUndefined();
});

describe("a booking that was moved", () => {
  const moved = { rescheduledBy: "booker" as const, previousStart: "2026-11-24T09:00:00Z" };

  test("says from where and by whom, to either side", () => {
    expect(movedSentence(moved, "booker", TIME)).toBe("Moved from Tue 24 Nov, 10:00 by you");
    expect(movedSentence(moved, "host", TIME)).toBe("Moved from Tue 24 Nov, 10:00 by the booker");
    expect(movedSentence({ ...moved, rescheduledBy: "host" }, "booker", TIME)).toBe(
      "Moved from Tue 24 Nov, 10:00 by the host",
    );
  });

  test("is the only one to say so", () => {
    expect(movedSentence({}, "host", TIME)).toBeUndefined();
  });
});

describe("before a booking is moved", () => {
  test.each([
    ["pending", "manual", /approves the request as well/],
    ["confirmed", "manual", /^It stays confirmed\.$/],
    ["confirmed", "automatic", /^It stays confirmed\.$/],
  ] as const)("the host learns of a %s one that is %s", (status, approval, words) => {
    expect(moveSentence(status, "host", approval)).toMatch(words);
  });

  test.each([
    ["pending", "manual", /still has to approve/],
    ["confirmed", "manual", /approve it again; until then it is only a request/],
    ["pending", "automatic", /^It is confirmed at once\.$/],
    ["confirmed", "automatic", /^It stays confirmed\.$/],
  ] as const)("the booker learns of a %s one that is %s", (status, approval, words) => {
    expect(moveSentence(status, "booker", approval)).toMatch(words);
  });
});

describe("a booking whose time was given while the host's calendars were silent", () => {
  const unseen = {
    status: "pending" as const,
    end: "2026-11-27T13:00:00Z",
    calendarsSeen: { asOf: "2026-11-25T09:00:00Z", isCurrent: false },
  };

  test("tells the host to look before they approve, and later only how it was", () => {
    expect(unseenSentence(unseen, "host", TIME)).toBe(
      "Your calendars could not be read when this was asked for (last read Wed 25 Nov, 10:00). Look before you approve.",
    );
    expect(unseenSentence({ ...unseen, status: "confirmed" }, "host", TIME)).toBe(
      "Your calendars could not be read when this time was given (last read Wed 25 Nov, 10:00).",
    );
  });

  test("tells nobody else, nothing of calendars that were known, and nothing once it is off or over", () => {
    expect(unseenSentence(unseen, "booker", TIME)).toBeUndefined();
    const seen = { ...unseen, calendarsSeen: { ...unseen.calendarsSeen, isCurrent: true } };
    expect(unseenSentence(seen, "host", TIME)).toBeUndefined();
    expect(unseenSentence({ status: "pending", end: unseen.end }, "host", TIME)).toBeUndefined();
    expect(unseenSentence({ ...unseen, status: "declined" }, "host", TIME)).toBeUndefined();
    expect(unseenSentence({ ...unseen, end: "2026-11-25T12:00:00Z" }, "host", TIME)).toBeUndefined();
  });
});
