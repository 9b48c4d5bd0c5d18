import { describe, expect, it } from "vitest";

import { METHODS } from "./methods.ts";
import { fullScope } from "./scopes.ts";
import { problemsOf, publishedMethod } from "./support/published-types.ts";

describe.each(METHODS.map((method) => [method.id, method] as const))("%s", (id, method) => {
  const published = publishedMethod(id);

  it("takes the scopes that Google says", () => {
    expect(method.scopes.map(fullScope).toSorted()).toEqual(published.scopes);
  });

  it("has the parameters that Google says", () => {
    const inPath = [...method.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
    expect([...inPath, ...method.parameters].toSorted()).toEqual(published.parameters);
  });

  it("answers with the schema that Google says", () => {
    expect(method.schema).toBe(published.schema);
  });
});

describe("the reading of Google's declarations", () => {
  it("finds what does not belong into an answer, however deep", () => {
    expect(
      problemsOf("FreeBusyResponse", { kind: "calendar#freeBusy", calendars: { a: { busy: [] } } }),
    ).toEqual([]);
    expect(
      problemsOf("FreeBusyResponse", {
        timeMin: 5,
        more: true,
        calendars: { a: { busy: [{ start: "x", begin: "y" }] } },
      }),
    ).toEqual([
      "FreeBusyResponse.timeMin is no string",
      "FreeBusyResponse has no field more",
      "FreeBusyResponse.calendars.a.busy[0] has no field begin",
    ]);
    expect(
      problemsOf("Event", { start: [], attendees: {}, reminders: { overrides: [{ minutes: "1" }] } }),
    ).toEqual([
      "Event.start is no object",
      "Event.attendees is no list",
      "Event.reminders.overrides[0].minutes is no number",
    ]);
    expect(problemsOf("Event", null)).toEqual(["Event is no object"]);
  });
});
