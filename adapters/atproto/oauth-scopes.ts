/** What we ask people's PDS for, and what an answer really allows. No I/O. */

import { ScopePermissionsTransition } from "@atproto/oauth-scopes";

/** The collections that a host publishes, and the only ones this broker ever writes. */
export const PUBLISHED_COLLECTIONS = [
  "social.schedule.availability",
  "social.schedule.meetingType",
  "social.schedule.profile",
] as const;

export type PublishedCollection = (typeof PUBLISHED_COLLECTIONS)[number];

/** `book`: prove who they are, nothing else. `publish`: also write the three collections. `email`: also read their e-mail address. */
export type SignInPurpose = "book" | "publish" | "email";

const ACTIONS = ["create", "update", "delete"] as const;

const EMAIL = "account:email";

/** The scope asked for. */
export const SCOPES: Readonly<Record<SignInPurpose, string>> = {
  book: "atproto",
  publish: ["atproto", ...PUBLISHED_COLLECTIONS.map((collection) => `repo:${collection}`)].join(" "),
  email: `atproto ${EMAIL}`,
};

/** The widest one, of which every sign-in asks for a part: what the client metadata declares. */
export const WIDEST_SCOPE = `${SCOPES.publish} ${EMAIL}`;

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

/** Whether a granted scope lets us read the person's e-mail address. */
export function allowsReadingEmail(scope: string): boolean {
  return new ScopePermissionsTransition(scope).allowsAccount({ attr: "email", action: "read" });
}
