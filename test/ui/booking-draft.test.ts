import { beforeEach, describe, expect, test } from "vitest";
import {
  bookingInput,
  draftFor,
  dropBookingDraft,
  findBookingDraft,
  keepBookingDraft,
  withoutHold,
  type BookingDraft,
} from "../../ui/booking-draft.ts";
import type { DraftStorage } from "../../ui/draft.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const SLOT = { start: "2026-11-24T09:00:00Z", end: "2026-11-24T09:30:00Z" };
const OTHER = { start: "2026-11-24T10:00:00Z", end: "2026-11-24T10:30:00Z" };

let storage: DraftStorage & { map: Map<string, string> };

beforeEach(() => {
  const map = new Map<string, string>();
  storage = {
    map,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
});

function draft(change: Partial<BookingDraft> = {}): BookingDraft {
  return { ...SLOT, note: "", email: "", requestId: "id-1", sent: false, ...change };
}

describe("a choice", () => {
  test("keeps its requestId when the same slot is chosen again", () => {
    expect(draftFor(SLOT, "id-2", draft()).requestId).toBe("id-1");
  });

  test("of another slot gets a new requestId and keeps what was written", () => {
    expect(draftFor(OTHER, "id-2", draft({ note: "Hello", email: "a@example.com" }))).toEqual({
      ...OTHER,
      note: "Hello",
      email: "a@example.com",
      requestId: "id-2",
      sent: false,
    });
  });

  test("of the same start for another length gets a new requestId", () => {
    const longer = { start: SLOT.start, end: "2026-11-24T10:00:00Z" };
    expect(draftFor(longer, "id-2", draft({ note: "Hello" }))).toEqual(
      draft({ ...longer, note: "Hello", requestId: "id-2" }),
    );
  });

  test("left after it was sent is a new request, even of the same slot", () => {
    expect(draftFor(SLOT, "id-2", draft({ sent: true }))).toMatchObject({ requestId: "id-2", sent: false });
  });

  test("sends the length that its own start and end say, and only what was filled in", () => {
    expect(bookingInput(draft({ note: "  ", email: " a@example.com " }), "did:plc:host", "intro")).toEqual({
      host: "did:plc:host",
      meetingType: "intro",
      start: SLOT.start,
      durationMinutes: 30,
      email: "a@example.com",
      requestId: "id-1",
    });
  });
});

test("what was sent says in which zone it is read, also when it is repeated by another page", () => {
  const sent = draft({ sent: true, timeZone: "Asia/Tokyo" });
  keepBookingDraft(storage, "page", sent, NOW);
  expect(findBookingDraft(storage, "page", NOW)).toEqual(sent);
  expect(bookingInput(sent, "did:plc:host", "intro").timeZone).toBe("Asia/Tokyo");
  expect(draftFor(OTHER, "id-2", sent)).not.toHaveProperty("timeZone");
});

describe("a hold", () => {
  const asked = { did: "did:plc:bob", requestId: "hold-request", askedAt: NOW };
  const given = { ...asked, given: { id: "hold-1", runsOutAt: NOW + 300_000 } };

  test("is named in the request once it is given", () => {
    expect(bookingInput(draft({ hold: given }), "did:plc:host", "intro").holdId).toBe("hold-1");
    expect(bookingInput(draft({ hold: asked }), "did:plc:host", "intro")).not.toHaveProperty("holdId");
  });

  test("stays with its slot, and goes with another one", () => {
    expect(draftFor(SLOT, "id-2", draft({ hold: given })).hold).toBe(given);
    expect(draftFor(OTHER, "id-2", draft({ hold: given }))).not.toHaveProperty("hold");
  });

  test("that was let go of leaves the rest of the choice", () => {
    expect(withoutHold(draft({ note: "Hello", hold: given }))).toEqual(draft({ note: "Hello" }));
  });

  test.each([[asked], [given]])("is kept with the choice: %j", (hold) => {
    keepBookingDraft(storage, "page", draft({ hold }), NOW);
    expect(findBookingDraft(storage, "page", NOW)).toEqual(draft({ hold }));
  });

  test("of another shape makes the kept choice unusable", () => {
    keepBookingDraft(storage, "page", draft(), NOW);
    for (const [key, text] of storage.map) {
      storage.map.set(key, text.replace('"sent":false', '"sent":false,"hold":{"id":"hold-1"}'));
    }
    expect(findBookingDraft(storage, "page", NOW)).toBeUndefined();
  });
});

describe("a kept choice", () => {
  test("comes back on its own page, and on no other", () => {
    keepBookingDraft(storage, "did:plc:host/intro", draft({ sent: true }), NOW);
    expect(findBookingDraft(storage, "did:plc:host/intro", NOW + 1000)).toEqual(draft({ sent: true }));
    expect(findBookingDraft(storage, "did:plc:host/other", NOW + 1000)).toBeUndefined();
  });

  test("is forgotten after an hour", () => {
    keepBookingDraft(storage, "page", draft(), NOW);
    expect(findBookingDraft(storage, "page", NOW + 3_600_000)).toBeDefined();
    expect(findBookingDraft(storage, "page", NOW + 3_600_001)).toBeUndefined();
  });

  test("is gone once it is dropped", () => {
    keepBookingDraft(storage, "page", draft(), NOW);
    dropBookingDraft(storage, "page");
    expect(findBookingDraft(storage, "page", NOW)).toBeUndefined();
  });

  test.each(["", "null", "[]", "{", '{"keptAt":"x","value":{}}', '{"keptAt":1e15,"value":{"start":1}}'])(
    "that is not one is ignored: %s",
    (text) => {
      keepBookingDraft(storage, "page", draft(), NOW);
      for (const key of storage.map.keys()) storage.map.set(key, text);
      expect(findBookingDraft(storage, "page", NOW)).toBeUndefined();
    },
  );

  test("is only lost, and nothing breaks, when the storage refuses", () => {
    const refuse = (): never => {
      throw new Error("QuotaExceededError");
    };
    const closed: DraftStorage = { getItem: refuse, setItem: refuse, removeItem: refuse };
    keepBookingDraft(closed, "page", draft(), NOW);
    dropBookingDraft(closed, "page");
    expect(findBookingDraft(closed, "page", NOW)).toBeUndefined();
  });
});
