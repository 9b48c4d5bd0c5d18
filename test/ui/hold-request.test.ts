import { afterEach, describe, expect, test, vi } from "vitest";
import { askHold, releaseHold } from "../../ui/hold-request.ts";

const INPUT = {
  host: "did:plc:host",
  meetingType: "intro",
  start: "2026-11-24T09:00:00Z",
  requestId: "id-1",
};
const isWanted = () => true;

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Answers each call in turn; `lost` never answers. Remembers the calls. */
function serverAnswering(...answers: ("lost" | [number, unknown])[]): { path: string; init: RequestInit }[] {
  const calls: { path: string; init: RequestInit }[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const answer = answers[calls.length];
    calls.push({ path, init });
    if (answer === undefined || answer === "lost") throw new TypeError("Failed to fetch");
    return Response.json(answer[1], { status: answer[0] });
  });
  return calls;
}

describe("a hold", () => {
  test("whose answer was lost is asked for once more, with the same requestId", async () => {
    const given = { hold: { id: "hold-1", expiresAt: "2026-11-22T12:05:00Z" } };
    const calls = serverAnswering("lost", [201, given]);
    expect(await askHold(INPUT, isWanted, [0])).toEqual({ ok: true, value: given });
    expect(calls.map(({ init }) => init.body)).toEqual([JSON.stringify(INPUT), JSON.stringify(INPUT)]);
  });

  test("is then done without", async () => {
    const calls = serverAnswering();
    expect(await askHold(INPUT, isWanted, [0])).toMatchObject({ ok: false, failure: { status: 0 } });
    expect(calls).toHaveLength(2);
  });

  test("of a time that was left meanwhile is not asked for again", async () => {
    const calls = serverAnswering("lost", [201, {}]);
    expect(await askHold(INPUT, () => false, [0])).toMatchObject({ ok: false });
    expect(calls).toHaveLength(1);
  });

  test("is let go of even while the page is being left", () => {
    const calls = serverAnswering([204, undefined]);
    releaseHold("hold/1", "did:plc:host");
    expect(calls).toMatchObject([
      { path: "/api/holds/hold%2F1?host=did%3Aplc%3Ahost", init: { method: "DELETE", keepalive: true } },
    ]);
  });
});
