import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { channelToken, hostOfToken } from "../../../durable-objects/calendars/channel-token.ts";

const HOST = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb";

async function tokenOf(hostDid: string, channelId = "channel-1"): Promise<string> {
  return (await channelToken(env, hostDid, channelId)) ?? "";
}

describe("the token of a channel", () => {
  it.each([
    HOST,
    "did:web:example.com",
    "did:web:a.b-c.example.com%3A8080",
    "did:web:example.com:people:alice",
  ])("names the host it was made for: %s", async (did) => {
    expect(await hostOfToken(env, await tokenOf(did), "channel-1")).toBe(did);
  });

  it("is good for that channel, that host and that key only", async () => {
    const token = await tokenOf(HOST);
    const mac = token.slice(HOST.length);
    const otherKey = { WEB_SESSION_KEY: "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Q" };
    expect(await hostOfToken(env, token, "channel-2")).toBeUndefined();
    expect(await hostOfToken(env, `${OTHER}${mac}`, "channel-1")).toBeUndefined();
    expect(await hostOfToken(otherKey, token, "channel-1")).toBeUndefined();
  });

  it.each(["", ".", "..", HOST, `${HOST}.`, `${HOST}.AAAA`, `${HOST}.%%%`, `.${HOST}`, "x".repeat(10_000)])(
    "is nothing that was not made here: %s",
    async (token) => {
      expect(await hostOfToken(env, token, "channel-1")).toBeUndefined();
    },
  );

  it("is not made where Google would not carry it", async () => {
    const longest = `did:web:${"a".repeat(256 - 44 - 8)}`;
    expect(await tokenOf(longest)).toHaveLength(256);
    expect(await channelToken(env, `${longest}a`, "channel-1")).toBeUndefined();
  });
});
