/** `social.schedule.profile`: the declaration that somebody can be booked, and at which broker. No I/O. */

import { toDatetimeString } from "@atproto/syntax";

import { $build, $safeParse } from "../../lexicons/generated/social/schedule/profile.defs.js";
import type { Main } from "../../lexicons/generated/social/schedule/profile.defs.js";
import { checkLexicon } from "./record-lexicon.ts";
import type { Checked } from "./record-lexicon.ts";
import { plainLine } from "./record-text.ts";

/** What a host declares. */
interface ProfileDraft {
  /** DID of the broker that takes their bookings. */
  readonly broker: string;
  /** Whether they may be shown in a public directory; default false. */
  readonly listed?: boolean;
  readonly tags?: readonly string[];
}

/** A record as found in a repository. Never throws. */
export function parseProfileRecord(value: unknown): Checked<Required<ProfileDraft>> {
  const checked = checkLexicon($safeParse, value);
  if (!checked.ok) {
    return checked;
  }
  const { broker, listed = false, tags = [] } = checked.value;
  return { ok: true, value: { broker, listed, tags: cleanTags(tags) } };
}

/** The record to write under the key `self`, checked exactly as a reader will check it. `createdAt` is epoch ms. */
export function profileRecord(draft: ProfileDraft, createdAt: number): Checked<Main> {
  const record = $build({
    broker: draft.broker as `did:${string}:${string}`,
    listed: draft.listed ?? false,
    ...(draft.tags !== undefined && { tags: cleanTags(draft.tags) }),
    createdAt: toDatetimeString(new Date(createdAt)),
  });
  const checked = checkLexicon($safeParse, record);
  return checked.ok ? { ok: true, value: record } : checked;
}

function cleanTags(tags: readonly string[]): string[] {
  return [...new Set(tags.map(plainLine))].filter((tag) => tag !== "");
}
