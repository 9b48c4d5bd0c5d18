/** Whether a meeting type's `bookableBy` lets somebody book, asked of a Bluesky AppView. When in doubt it refuses. */

import * as z from "zod";

import type { BookableBy } from "../../scheduling/meeting-type.ts";
import { accepted, refused } from "../../scheduling/refusal.ts";
import type { Result } from "../../scheduling/refusal.ts";
import { discard, readJsonCapped } from "./safe-fetch.ts";
import type { SafeFetch } from "./safe-fetch.ts";

const ANSWER_MAX_BYTES = 64 * 1024;

/** `app.bsky.graph.getRelationships`; each field holds the at-uri of the record that makes it true. */
const relationshipsAnswer = z.object({ actor: z.string().optional(), relationships: z.array(z.unknown()) });
const relationship = z.object({
  did: z.string(),
  following: z.string().optional(),
  followedBy: z.string().optional(),
  blocking: z.string().optional(),
  blockedBy: z.string().optional(),
  blockingByList: z.string().optional(),
  blockedByList: z.string().optional(),
});

type Relationship = z.infer<typeof relationship>;

const WHO = {
  followers: "people who follow the host",
  following: "people the host follows",
  mutuals: "people who follow the host and are followed back",
} as const;

/**
 * Accepts when the relationship is there; NotAllowed with a reason when it is not, or when no AppView can say. An empty
 * `appviewUrl` means that this broker asks nobody. Never throws.
 */
export async function mayBook(
  bookableBy: BookableBy,
  hostDid: string,
  bookerDid: string,
  appviewUrl: string,
  fetch: SafeFetch,
): Promise<Result<true>> {
  if (bookableBy === "anyone") {
    return accepted(true);
  }
  const only = `Only ${WHO[bookableBy]} can book this`;
  if (appviewUrl === "") {
    return notAllowed(
      `${only}, and this broker is not set up to look that up. Ask the host for another kind of meeting.`,
    );
  }
  const found = await relationshipOf(hostDid, bookerDid, appviewUrl, fetch).catch(() => "unknown" as const);
  if (found === "unknown") {
    return notAllowed(`${only}, and that cannot be looked up just now. Try again in a few minutes.`);
  }
  return found !== undefined && fits(bookableBy, found)
    ? accepted(true)
    : notAllowed(`${only}. Choose another kind of meeting.`);
}

/** A block by either side outweighs a follow, and is not told: that is between the two of them. */
function fits(bookableBy: Exclude<BookableBy, "anyone">, found: Relationship): boolean {
  const blocks = [found.blocking, found.blockedBy, found.blockingByList, found.blockedByList];
  if (blocks.some((block) => block !== undefined)) {
    return false;
  }
  const isFollower = found.followedBy !== undefined;
  const isFollowed = found.following !== undefined;
  return { followers: isFollower, following: isFollowed, mutuals: isFollower && isFollowed }[bookableBy];
}

/** How the booker relates to the host, `undefined` for not at all. Throws when the AppView does not say. */
async function relationshipOf(
  hostDid: string,
  bookerDid: string,
  appviewUrl: string,
  fetch: SafeFetch,
): Promise<Relationship | undefined> {
  const url = new URL("/xrpc/app.bsky.graph.getRelationships", appviewUrl);
  url.search = new URLSearchParams({ actor: hostDid, others: bookerDid }).toString();
  const response = await fetch(url, { headers: { accept: "application/json" } });
  if (response.status !== 200) {
    discard(response);
    throw new Error(`the AppView answered ${response.status}`);
  }
  const answer = relationshipsAnswer.parse(await readJsonCapped(response, ANSWER_MAX_BYTES));
  if (answer.actor !== undefined && answer.actor !== hostDid) {
    throw new Error("the AppView answered about somebody else");
  }
  // A notFoundActor has no `did`, so it does not parse: no relationship.
  return answer.relationships
    .map((item) => relationship.safeParse(item).data)
    .find((candidate) => candidate?.did === bookerDid);
}

function notAllowed(why: string): Result<never> {
  return refused({ code: "NotAllowed", why });
}
