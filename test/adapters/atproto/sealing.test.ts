import { describe, expect, it } from "vitest";

import { createSealer } from "../../../adapters/atproto/sealing.ts";

const ALICE = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa session";
const BOB = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb session";
const OLD = Buffer.alloc(32, 1).toString("base64url");
const NEW = Buffer.alloc(32, 2).toString("base64url");

const keys = (active: string, entries: Record<string, string>): string =>
  JSON.stringify({ active, keys: entries });

describe("a sealed secret", () => {
  const sealer = createSealer(keys("old", { old: OLD }));

  it("opens for its owner", async () => {
    const sealed = await sealer.seal("refresh-token ü", ALICE);
    expect(await sealer.open(sealed, ALICE)).toBe("refresh-token ü");
  });

  it("does not show what it holds", async () => {
    const { bytes } = await sealer.seal("refresh-token", ALICE);
    expect(Buffer.from(bytes).toString("latin1")).not.toContain("refresh");
  });

  it("does not open for anybody else", async () => {
    const sealed = await sealer.seal("refresh-token", ALICE);
    expect(await sealer.open(sealed, BOB)).toBeUndefined();
  });

  it("does not open once a byte of it was changed", async () => {
    const { keyId, bytes } = await sealer.seal("refresh-token", ALICE);
    for (const at of [0, 12, bytes.length - 1]) {
      const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(await sealer.open({ keyId, bytes: changed }, ALICE)).toBeUndefined();
    }
  });

  it("is different every time, so equal secrets cannot be told", async () => {
    const [first, second] = await Promise.all([sealer.seal("same", ALICE), sealer.seal("same", ALICE)]);
    expect(first.bytes).not.toEqual(second.bytes);
  });
});

describe("rotating keys", () => {
  it("seals with the active key and still opens what the old one sealed", async () => {
    const before = await createSealer(keys("old", { old: OLD })).seal("token", ALICE);
    const rotated = createSealer(keys("new", { old: OLD, new: NEW }));
    expect(await rotated.open(before, ALICE)).toBe("token");
    expect((await rotated.seal("token", ALICE)).keyId).toBe("new");
  });

  it("does not open what a retired key sealed", async () => {
    const before = await createSealer(keys("old", { old: OLD })).seal("token", ALICE);
    expect(await createSealer(keys("new", { new: NEW })).open(before, ALICE)).toBeUndefined();
  });
});

describe("a malformed SEALING_KEYS", () => {
  it.each([
    ["not JSON", `{"active": "old", ${OLD}`],
    ["no active key", JSON.stringify({ keys: { old: OLD } })],
    ["an active key that is not there", keys("new", { old: OLD })],
    ["a short key", keys("old", { old: OLD.slice(4) })],
    ["a key that is no base64url", keys("old", { old: `${OLD}!` })],
  ])("is refused without repeating a key: %s", (_what, setting) => {
    expect(() => createSealer(setting)).toThrow(/SEALING_KEYS must be/);
    expect(() => createSealer(setting)).not.toThrow(new RegExp(OLD.slice(4, 20)));
  });
});
