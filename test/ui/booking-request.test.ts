import { afterEach, describe, expect, test, vi } from "vitest";
import { requestBooking } from "../../ui/booking-request.ts";

const INPUT = {
  host: "did:plc:host",
  meetingType: "intro",
  start: "2026-11-24T09:00:00Z",
  requestId: "id-1",
};
const NO_PAUSE = [0, 0, 0];

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A server that answers each attempt in turn; `lost` never answers. Remembers what it was sent. */
function serverAnswering(...answers: ("lost" | [number, unknown])[]): unknown[] {
  const bodies: unknown[] = [];
  vi.stubGlobal("fetch", async (_path: string, init: { body: string }) => {
    const answer = answers[bodies.length];
    bodies.push(JSON.parse(init.body));
    if (answer === undefined || answer === "lost") throw new TypeError("Failed to fetch");
    return Response.json(answer[1], { status: answer[0] });
  });
  return bodies;
}

describe("a booking request", () => {
  test("is repeated, always the same, until it is answered", async () => {
    const bodies = serverAnswering(
      "lost",
      [503, { error: "HostUnreachable", message: "Later." }],
      [201, { booking: {} }],
    );
    expect(await requestBooking(INPUT, NO_PAUSE)).toMatchObject({ ok: true });
    expect(bodies).toEqual([INPUT, INPUT, INPUT]);
  });

  test("is not repeated after a refusal", async () => {
    const bodies = serverAnswering([409, { error: "SlotTaken", message: "Taken." }]);
    expect(await requestBooking(INPUT, NO_PAUSE)).toMatchObject({
      ok: false,
      failure: { error: "SlotTaken" },
    });
    expect(bodies).toHaveLength(1);
  });

  test("is not repeated while the host's calendars are silent: that is its answer, whatever the status says", async () => {
    const bodies = serverAnswering([503, { error: "CalendarsSilent", message: "Later." }]);
    expect(await requestBooking(INPUT, NO_PAUSE)).toMatchObject({
      ok: false,
      failure: { error: "CalendarsSilent" },
    });
    expect(bodies).toHaveLength(1);
  });

  test("is given up after four attempts without an answer", async () => {
    const bodies = serverAnswering();
    expect(await requestBooking(INPUT, NO_PAUSE)).toMatchObject({
      ok: false,
      failure: { error: "Offline", status: 0 },
    });
    expect(bodies).toHaveLength(4);
  });

  test("answered with something else than JSON is repeated as a server in trouble", async () => {
    vi.stubGlobal("fetch", async () => new Response("<html>Bad gateway</html>", { status: 502 }));
    expect(await requestBooking(INPUT, [])).toMatchObject({
      ok: false,
      failure: { error: "UnexpectedAnswer" },
    });
  });
});
