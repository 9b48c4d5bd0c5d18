/** What we ask people's PDS for, and what an answer really allows. No I/O. */

import { ScopePermissionsTransition } from "@atproto/oauth-scopes";

/** The collections that a host publishes, and the only ones this broker ever writes. */
export const PUBLISHED_COLLECTIONS = [
  "social.schedule.availability",
  "social.schedule.meetingType",
  "social.schedule.profile",
] as const;

export type PublishedCollection = (typeof PUBLISHED_COLLECTIONS)[number];

/** `book`: prove who they are, nothing else. `publish`: also write the three collections. */
export type SignInPurpose = "book" | "publish";

const ACTIONS = ["create", "update", "delete"] as const;

/** The scope asked for; `publish` is also the widest one that the client metadata declares. */
export const SCOPES: Readonly<Record<SignInPurpose, string>> = {
  book: "atproto",
  publish: ["atproto", ...PUBLISHED_COLLECTIONS.map((collection) => `repo:${collection}`)].join(" "),
};

/**
 * Whether a granted scope (the token response's `scope`, never the one asked for) lets us write all we publish. Read with the parser
 * a PDS itself uses, since the same permission can be spelled in several ways.
 */
export function allowsPublishing(scope: string): boolean {
  const permissions = new ScopePermissionsTransition(scope);
  return PUBLISHED_COLLECTIONS.every((collection) =>
    ACTIONS.every((action) => permissions.allowsRepo({ collection, action })),
  );
}
