import { expect, it } from "vitest";

import { allowsPublishing, SCOPES } from "../../../adapters/atproto/oauth-scopes.ts";

it("a booker is asked for their identity and nothing else", () => {
  expect(SCOPES.book).toBe("atproto");
});

it("publishing asks for our three collections and nothing else", () => {
  expect(SCOPES.publish.split(" ")).toEqual([
    "atproto",
    "repo:social.schedule.availability",
    "repo:social.schedule.meetingType",
    "repo:social.schedule.profile",
  ]);
});

it.each([
  [SCOPES.publish, true],
  [SCOPES.publish.split(" ").toReversed().join(" "), true],
  [
    "atproto repo?collection=social.schedule.availability&collection=social.schedule.meetingType&collection=social.schedule.profile",
    true,
  ],
  ["atproto repo:*", true],
  ["atproto transition:generic", true],
  ["atproto", false],
  ["", false],
  ["atproto repo:social.schedule.availability repo:social.schedule.meetingType", false],
  [
    "atproto repo:social.schedule.availability?action=create repo:social.schedule.meetingType repo:social.schedule.profile",
    false,
  ],
  ["atproto repo:social.schedule.*", false],
  ["atproto xrepo:*", false],
])("a grant of %j allows publishing: %s", (scope, allowed) => {
  expect(allowsPublishing(scope)).toBe(allowed);
});
