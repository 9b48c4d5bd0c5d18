import { describe, expect, it } from "vitest";

import { mayBook } from "../../../adapters/atproto/relationships.ts";
import type { SafeFetch } from "../../../adapters/atproto/safe-fetch.ts";
import type { BookableBy } from "../../../scheduling/meeting-type.ts";

const HOST = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
const BOOKER = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb";
const APPVIEW = "https://public.api.bsky.app";
const FOLLOW = `at://${HOST}/app.bsky.graph.follow/3kabc`;

function ask(bookableBy: BookableBy, answer: () => Promise<Response>, appview = APPVIEW): Promise<unknown> {
  const fetch: SafeFetch = (input) => {
    const { origin, pathname, searchParams } = new URL(new Request(input).url);
    expect([origin, pathname]).toEqual([APPVIEW, "/xrpc/app.bsky.graph.getRelationships"]);
    expect([searchParams.get("actor"), searchParams.getAll("others")]).toEqual([HOST, [BOOKER]]);
    return answer();
  };
  return mayBook(bookableBy, HOST, BOOKER, appview, fetch);
}

function related(fields: Record<string, unknown>): () => Promise<Response> {
  const relationship = { $type: "app.bsky.graph.defs#relationship", did: BOOKER, ...fields };
  return async () => Response.json({ actor: HOST, relationships: [relationship] });
}

const YES = { ok: true, value: true };
const NO = { ok: false, refusal: { code: "NotAllowed", why: expect.any(String) } };

describe("who may book", () => {
  const nobody = {};
  const follower = { followedBy: FOLLOW };
  const followed = { following: FOLLOW };
  const mutual = { following: FOLLOW, followedBy: FOLLOW };

  it.each<[BookableBy, Record<string, string>, boolean]>([
    ["followers", nobody, false],
    ["followers", follower, true],
    ["followers", followed, false],
    ["followers", mutual, true],
    ["following", nobody, false],
    ["following", follower, false],
    ["following", followed, true],
    ["following", mutual, true],
    ["mutuals", nobody, false],
    ["mutuals", follower, false],
    ["mutuals", followed, false],
    ["mutuals", mutual, true],
  ])("%s, seen as %j: %j", async (bookableBy, relationship, isAllowed) => {
    expect(await ask(bookableBy, related(relationship))).toEqual(isAllowed ? YES : NO);
  });

  it("anyone may, without anybody being asked", async () => {
    const fail = (): Promise<Response> => Promise.reject(new Error("asked"));
    expect(await ask("anyone", fail, "")).toEqual(YES);
  });

  it.each(["blocking", "blockedBy", "blockingByList", "blockedByList"])(
    "not a mutual with a block (%s), who is not told so",
    async (block) => {
      const refusal = await ask("mutuals", related({ ...mutual, [block]: FOLLOW }));
      expect(refusal).toEqual(await ask("mutuals", related(nobody)));
    },
  );
});

describe.each<BookableBy>(["followers", "following", "mutuals"])("in doubt, %s", (bookableBy) => {
  const follow = { following: FOLLOW, followedBy: FOLLOW };

  it("are refused when there is no AppView to ask", async () => {
    expect(await ask(bookableBy, related(follow), "")).toEqual({
      ok: false,
      refusal: { code: "NotAllowed", why: expect.stringContaining("not set up") },
    });
  });

  it.each<[string, () => Promise<Response>]>([
    ["is down", () => Promise.reject(new Error("down"))],
    ["fails", async () => new Response("{}", { status: 500 })],
    ["redirects or answers with a page", async () => new Response("<html>")],
    ["answers in another shape", async () => Response.json({ relationships: "all" })],
    ["answers null", async () => Response.json(null)],
    ["sends without end", async () => new Response(`"${"x".repeat(100_000)}"`)],
    [
      "answers about another host",
      async () => Response.json({ actor: BOOKER, relationships: [{ did: BOOKER, ...follow }] }),
    ],
    [
      "answers about another booker",
      async () => Response.json({ relationships: [{ did: HOST, ...follow }] }),
    ],
    [
      "does not know the booker",
      async () => Response.json({ relationships: [{ actor: BOOKER, notFound: true, ...follow }] }),
    ],
    [
      "answers true instead of a follow",
      async () => Response.json({ relationships: [{ did: BOOKER, following: true, followedBy: true }] }),
    ],
  ])("are refused when the AppView %s", async (_, answer) => {
    expect(await ask(bookableBy, answer)).toEqual(NO);
  });
});
