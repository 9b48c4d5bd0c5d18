import { afterEach, describe, expect, test, vi } from "vitest";
import { askExplanation, isSkippedTime } from "../../ui/explanation-question.ts";
import type { MeetingTypeJson } from "../../worker/wire.ts";

const INTRO: MeetingTypeJson = {
  rkey: "intro",
  uri: "at://x/intro",
  title: "Intro call",
  availabilityRkey: "usual",
  durationMinutes: 30,
  moreDurations: [60],
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  minimumNoticeMinutes: 0,
  horizonDays: 60,
  approval: "manual",
  bookableBy: "anyone",
  active: true,
  timeZone: "Europe/Berlin",
};

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A server that explains the instant it is asked for, and refuses from the `refusedFrom`th question on. */
function server(refusedFrom = Number.POSITIVE_INFINITY): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    if (asked.length >= refusedFrom)
      return Response.json({ error: "DurationNotOffered", message: "No." }, { status: 422 });
    const start = new URL(path, "http://x").searchParams.get("at");
    const starts = start === null ? [] : [{ start, end: start, reasons: [] }];
    return Response.json({ timeZone: "Europe/Berlin", durationMinutes: 60, reasons: [], starts });
  });
  return asked;
}

function question(date: string, time: string) {
  return { meetingType: INTRO, durationMinutes: 60, date, time };
}

describe("a question about times", () => {
  test("without a time is about the date", async () => {
    const asked = server();
    await askExplanation("did:plc:host", question("2026-11-24", ""));
    expect(asked).toEqual([
      "/api/hosts/did:plc:host/explanation?meetingType=intro&durationMinutes=60&date=2026-11-24",
    ]);
  });

  test("with a time is about that instant on the host's clock", async () => {
    const asked = server();
    await askExplanation("did:plc:host", question("2026-11-24", "09:00"));
    expect(asked).toEqual([
      "/api/hosts/did:plc:host/explanation?meetingType=intro&durationMinutes=60&at=2026-11-24T08%3A00%3A00.000Z",
    ]);
  });

  test("with a time that comes twice has both answers, or the refusal of either", async () => {
    server();
    const both = await askExplanation("did:plc:host", question("2026-10-25", "02:30"));
    expect(both.ok ? both.value.starts.map(({ start }) => start) : []).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-25T01:30:00.000Z",
    ]);
    server(2);
    expect(await askExplanation("did:plc:host", question("2026-10-25", "02:30"))).toMatchObject({
      ok: false,
      failure: { error: "DurationNotOffered" },
    });
  });

  test("with a time that the clock is set forward over cannot be asked", () => {
    expect(isSkippedTime(question("2027-03-28", "02:30"))).toBe(true);
    expect(isSkippedTime(question("2027-03-28", "03:30"))).toBe(false);
    expect(isSkippedTime(question("2027-03-28", ""))).toBe(false);
  });
});
