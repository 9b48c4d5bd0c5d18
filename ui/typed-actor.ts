/** A handle or DID as somebody typed or pasted it. Pure; the worker resolves it. */

/** What people paste: an @, spaces, invisible direction marks, capitals (DIDs keep theirs). */
export function cleanActor(typed: string): string {
  const bare = typed.replace(/[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "").replace(/^@/, "");
  return bare.startsWith("did:") ? bare : bare.toLowerCase();
}
