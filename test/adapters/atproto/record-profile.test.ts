import { expect, it } from "vitest";

import { parseProfileRecord, profileRecord } from "../../../adapters/atproto/record-profile.ts";

const BROKER = "did:web:localhost%3A8787";

it("a profile that is written reads back, unlisted unless it says otherwise", () => {
  const record = profileRecord({ broker: BROKER }, 0);
  expect(record).toMatchObject({ ok: true, value: { $type: "social.schedule.profile", broker: BROKER } });
  expect(record.ok && parseProfileRecord(record.value)).toEqual({
    ok: true,
    value: { broker: BROKER, listed: false, tags: [] },
  });
});

it("tags are plain, visible and listed once", () => {
  const record = profileRecord(
    { broker: BROKER, listed: true, tags: ["rust", "rust", " a\nb ", "\u0000"] },
    0,
  );
  expect(record).toMatchObject({ value: { listed: true, tags: ["rust", "a b"] } });
});

it("what is not a DID is no broker", () => {
  expect(profileRecord({ broker: "https://cal.example.com" }, 0)).toMatchObject({ ok: false });
  expect(parseProfileRecord({ $type: "social.schedule.profile", createdAt: "2026-11-22T10:00:00Z" })).toEqual(
    {
      ok: false,
      reason: '"broker" is missing.',
    },
  );
});
