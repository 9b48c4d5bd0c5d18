import { describe, expect, it } from "vitest";

import { busyIn } from "../../../../adapters/calendars/google/google-busy.ts";

const NINE = Date.UTC(2026, 10, 25, 9);
const TEN = Date.UTC(2026, 10, 25, 10);

describe("a calendar in a freeBusy answer", () => {
  it("is busy when it says so, in any offset", () => {
    const busy = [
      { start: "2026-11-25T09:00:00Z", end: "2026-11-25T10:00:00Z" },
      { start: "2026-11-25T10:00:00+01:00", end: "2026-11-25T11:00:00+01:00" },
      { start: "2026-11-24T23:30:00.000-09:30", end: "2026-11-25t15:45:00+05:45" },
    ];
    expect(busyIn({ a: { busy } }, "a")).toEqual({
      kind: "read",
      busy: Array.from({ length: 3 }, () => ({ start: NINE, end: TEN })),
    });
  });

  it("is free when it says so", () => {
    expect(busyIn({ a: { busy: [] } }, "a")).toEqual({ kind: "read", busy: [] });
    expect(busyIn({ a: { busy: [], errors: [] } }, "a")).toEqual({ kind: "read", busy: [] });
  });

  const busy = [{ start: "2026-11-25T09:00:00Z", end: "2026-11-25T10:00:00Z" }];
  const failures: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ["is not in the answer", {}, "server-error"],
    ["is another one's inherited property", Object.create({ a: { busy } }), "server-error"],
    ["says nothing of busy time", { a: {} }, "server-error"],
    ["is not found", { a: { errors: [{ domain: "global", reason: "notFound" }] } }, "not-found"],
    ["is not found, and free", { a: { busy: [], errors: [{ reason: "notFound" }] } }, "not-found"],
    ["has an error inside Google", { a: { busy, errors: [{ reason: "internalError" }] } }, "server-error"],
    ["has an error nobody has heard of", { a: { busy, errors: [{ reason: "tooMuch" }] } }, "server-error"],
    ["has an error without a reason", { a: { busy, errors: [{}] } }, "server-error"],
    ["is no object", { a: "busy" }, "not-a-calendar"],
    ["has busy time that is none", { a: { busy: "always" } }, "not-a-calendar"],
    ["has errors that are none", { a: { busy, errors: "some" } }, "not-a-calendar"],
    [
      "has a time without an offset",
      { a: { busy: [{ ...busy[0], start: "2026-11-25T09:00:00" }] } },
      "not-a-calendar",
    ],
    ["has a date for a time", { a: { busy: [{ ...busy[0], start: "2026-11-25" }] } }, "not-a-calendar"],
    [
      "has a date that does not exist",
      { a: { busy: [{ ...busy[0], start: "2026-02-30T09:00:00Z" }] } },
      "not-a-calendar",
    ],
    [
      "has an hour that does not exist",
      { a: { busy: [{ ...busy[0], start: "2026-11-25T25:00:00Z" }] } },
      "not-a-calendar",
    ],
    ["has no end", { a: { busy: [{ start: "2026-11-25T09:00:00Z" }] } }, "not-a-calendar"],
    [
      "ends before it starts",
      { a: { busy: [{ ...busy[0], end: "2026-11-25T08:59:59Z" }] } },
      "not-a-calendar",
    ],
  ];
  it.each(failures)("has failed when it %s", (_, calendars, problem) => {
    expect(busyIn(calendars, "a")).toEqual({ kind: "failed", problem });
  });
});
