import * as fc from "fast-check";
import { expect, it } from "vitest";

import { parseAvailabilityRecord } from "../../../adapters/atproto/record-availability.ts";
import { parseMeetingTypeRecord } from "../../../adapters/atproto/record-meeting-type.ts";
import { parseProfileRecord } from "../../../adapters/atproto/record-profile.ts";
import { plainLine, plainParagraphs } from "../../../adapters/atproto/record-text.ts";
import type { WallWindow } from "../../../scheduling/availability.ts";
import { isKnownTimeZone, parseLocalDate } from "../../../scheduling/time-zone.ts";

const DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";

/** Any JSON, any text, and what often breaks parsers. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: "binary" }),
  fc.constantFrom<unknown>(
    null,
    "",
    0,
    -1,
    Infinity,
    -0,
    0.5,
    2 ** 53,
    [],
    {},
    "\uD800",
    { __proto__: null },
    true,
  ),
);

/** Nearly a record: each field right, wrong or missing on its own, so that every check is reached. */
function nearly(type: string, fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const twisted = Object.entries(fields).map(([name, right]) => [
    name,
    fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: anything }),
  ]);
  const model: Record<string, fc.Arbitrary<unknown>> = {
    $type: fc.constant(type),
    createdAt: fc.constant("2026-11-22T10:00:00.000Z"),
    ...Object.fromEntries(twisted),
  };
  const missing = fc.option(fc.constantFrom(...Object.keys(model)));
  return fc
    .tuple(fc.record(model), missing)
    .map(([record, without]) =>
      Object.fromEntries(Object.entries(record).filter(([name]) => name !== without)),
    );
}

const wallTime = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("00:00", "09:00", "17:30", "23:59") },
  fc.constantFrom("24:00", "24:01", "9:00"),
  fc.string({ unit: fc.constantFrom("0", "1", "2", "4", "5", "9", ":"), minLength: 5, maxLength: 5 }),
);
const window = { start: wallTime, end: wallTime };
const days = fc.array(fc.constantFrom("mo", "tu", "we", "th", "fr", "sa", "su"), {
  minLength: 1,
  maxLength: 7,
});
const date = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("2028-02-29", "2026-12-24", "2026-12-25") },
  fc.constantFrom("2026-02-29", "0000-00-00"),
  fc.stringMatching(/^20[0-9]{2}-[01][0-9]-[0-3][0-9]$/),
);

const availabilityLike = nearly("social.schedule.availability", {
  name: fc.string({ minLength: 1, maxLength: 70 }),
  timeZone: fc.constantFrom("Europe/Lisbon", "UTC", "America/St_Johns", "Mars/Base"),
  weekly: fc.array(fc.record({ days, ...window }), { maxLength: 3 }),
  overrides: fc.array(fc.record({ date, windows: fc.array(fc.record(window), { maxLength: 2 }) }), {
    maxLength: 3,
  }),
  from: fc.constantFrom("2026-06-01", "2026-06-02", "2026-06-30"),
  until: fc.constantFrom("2026-06-01", "2026-06-02", "2027-01-01"),
  insteadOf: fc.constantFrom(`at://${DID}/social.schedule.availability/3kusual`, `at://${DID}/x.y.z/3kabc`),
});

const meetingTypeLike = nearly("social.schedule.meetingType", {
  title: fc.string({ unit: "binary", maxLength: 110 }),
  description: fc.string({ unit: "binary" }),
  availability: fc.constantFrom(`at://${DID}/social.schedule.availability/3kabc`, `at://${DID}/x.y.z/3kabc`),
  durationMinutes: fc.integer({ min: 3, max: 1442 }),
  moreDurations: fc.array(fc.integer({ min: 4, max: 1441 }), { maxLength: 11 }),
  slotIntervalMinutes: fc.integer({ min: 3, max: 1442 }),
  bufferBeforeMinutes: fc.integer({ min: -2, max: 1442 }),
  horizonDays: fc.integer({ min: -1, max: 3652 }),
  maxPerDay: fc.integer({ min: -1, max: 1002 }),
  approval: fc.string({ maxLength: 70 }),
  bookableBy: fc.constantFrom("anyone", "followers", "following", "mutuals", "aliens"),
  location: fc.record({
    $type: fc.constantFrom("social.schedule.meetingType#link", "social.schedule.meetingType#text", "a.b.c"),
    uri: fc.webUrl(),
    text: fc.string(),
  }),
  active: fc.boolean(),
});

function isWindow({ startMinute, endMinute }: WallWindow): boolean {
  return (
    Number.isInteger(startMinute) &&
    Number.isInteger(endMinute) &&
    startMinute >= 0 &&
    startMinute < 1440 &&
    endMinute >= 1 &&
    endMinute <= 1440
  );
}

function isWithin(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= least && value <= most;
}

it("no JSON makes the parser of availabilities throw, or give anything outside the bounds", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(anything, availabilityLike), (json) => {
      const parsed = parseAvailabilityRecord(DID, "3kabc", json);
      if (!parsed.ok) {
        expect(parsed.reason).toMatch(/\S.*\.$/s);
        return;
      }
      accepted += 1;
      const { name, timeZone, weekly, overrides } = parsed.value;
      expect(name.length).toBeGreaterThan(0);
      expect(name).not.toMatch(/[\p{Cc}\u202A-\u202E]/u);
      expect(isKnownTimeZone(timeZone)).toBe(true);
      expect(weekly.length).toBeLessThanOrEqual(100);
      expect(weekly.every((each) => isWindow(each) && each.days.length > 0)).toBe(true);
      expect(
        overrides.every((each) => parseLocalDate(each.date) !== undefined && each.windows.every(isWindow)),
      ).toBe(true);
      expect(new Set(overrides.map((each) => each.date)).size).toBe(overrides.length);
      const { from = "0000-00-00", until = "9999-99-99" } = parsed.value;
      expect(from <= until).toBe(true);
    }),
    { numRuns: 3_000 },
  );
  expect(accepted).toBeGreaterThan(20);
});

it("no JSON makes the parser of meeting types throw, or give anything outside the bounds", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(anything, meetingTypeLike), (json) => {
      const parsed = parseMeetingTypeRecord(DID, "3kdef", json);
      if (!parsed.ok) {
        expect(parsed.reason).toMatch(/\S.*\.$/s);
        return;
      }
      accepted += 1;
      const type = parsed.value;
      expect(type.title).not.toMatch(/[\p{Cc}\u202A-\u202E]/u);
      expect(type.title.isWellFormed() && (type.description ?? "").isWellFormed()).toBe(true);
      expect(isWithin(type.durationMinutes, 5, 1440)).toBe(true);
      expect(isWithin(type.slotIntervalMinutes ?? 5, 5, 1440)).toBe(true);
      const lengths = type.moreDurations ?? [type.durationMinutes + 1];
      expect(lengths.length > 0 && lengths.every((minutes) => minutes !== type.durationMinutes)).toBe(true);
      expect(isWithin(type.bufferBeforeMinutes, 0, 1440)).toBe(true);
      expect(isWithin(type.bufferAfterMinutes, 0, 1440)).toBe(true);
      expect(isWithin(type.minimumNoticeMinutes, 0, 525_600)).toBe(true);
      expect(isWithin(type.horizonDays, 1, 3650)).toBe(true);
      expect(isWithin(type.maxPerDay ?? 1, 1, 1000)).toBe(true);
      expect(["manual", "automatic"]).toContain(type.approval);
      expect(["anyone", "followers", "following", "mutuals"]).toContain(type.bookableBy);
      expect(typeof type.active).toBe("boolean");
    }),
    { numRuns: 3_000 },
  );
  expect(accepted).toBeGreaterThan(20);
});

it("no JSON makes the parser of profiles throw", () => {
  const like = nearly("social.schedule.profile", {
    broker: fc.constantFrom("did:web:cal.example.com", "did:plc:x", "x"),
    listed: fc.boolean(),
    tags: fc.array(fc.string({ unit: "binary" }), { maxLength: 12 }),
  });
  fc.assert(
    fc.property(fc.oneof(anything, like), (json) => {
      const parsed = parseProfileRecord(json);
      expect(!parsed.ok || (parsed.value.broker.startsWith("did:") && parsed.value.tags.length <= 10)).toBe(
        true,
      );
    }),
    { numRuns: 1_000 },
  );
});

it("plain text stays plain when made plain again, and never grows", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      for (const plain of [plainLine, plainParagraphs]) {
        expect(plain(plain(text))).toBe(plain(text));
        expect(plain(text).length).toBeLessThanOrEqual(text.length);
      }
      expect(plainLine(text)).not.toMatch(/[\n\r\u2028\u2029]/u);
    }),
  );
});

it("depth does not hurt: a record nested a hundred thousand times is only invalid", () => {
  const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
  expect(parseAvailabilityRecord(DID, "3kabc", deep)).toMatchObject({ ok: false });
  expect(
    parseAvailabilityRecord(DID, "3kabc", { $type: "social.schedule.availability", weekly: deep }),
  ).toMatchObject({
    ok: false,
  });
  expect(parseMeetingTypeRecord(DID, "3kdef", { location: deep })).toMatchObject({ ok: false });
});
