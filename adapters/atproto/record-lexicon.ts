/** A record against its lexicon, with a reason its host can act on. Says nothing that a lexicon cannot say. */

import {
  IssueInvalidFormat,
  IssueInvalidType,
  IssueInvalidValue,
  IssueRequiredKey,
  IssueTooBig,
  IssueTooSmall,
} from "@atproto/lex-schema";
import type { l } from "@atproto/lex-schema";

/** A checked record, or the sentence that says why it is left out. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

/** A record that is left out; `reason` is a sentence for its host. */
export function invalid(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

/** Runs a generated validator, which also fills in the lexicon's defaults. */
export function checkLexicon<Value>(
  safeParse: (value: unknown) => l.ValidationResult<Value>,
  value: unknown,
): Checked<Value> {
  // The validator's messages repeat what they found, by recursion: hostile nesting would overflow the stack there.
  if (isDeeperThan(value, MAX_DEPTH)) {
    return invalid("The record is nested too deeply.");
  }
  const result = safeParse(value);
  if (result.success) {
    return { ok: true, value: result.value };
  }
  const [issue] = result.issues;
  return invalid(issue === undefined ? "The record does not follow its lexicon." : sentence(issue));
}

/** Our records need six levels; fields that we do not know may have some of their own. */
const MAX_DEPTH = 32;

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  return levels === 0 || Object.values(value).some((child) => isDeeperThan(child, levels - 1));
}

/** Never repeats the value found: it can be long, and it is in the record for its host to see. */
function sentence(issue: l.Issue): string {
  const name = fieldName(issue.path);
  if (issue instanceof IssueRequiredKey) {
    return `${fieldName([...issue.path, issue.key])} is missing.`;
  }
  if (issue instanceof IssueTooBig) {
    return `${name} must be at most ${issue.maximum}${UNITS[issue.type]}.`;
  }
  if (issue instanceof IssueTooSmall) {
    return `${name} must be at least ${issue.minimum}${UNITS[issue.type]}.`;
  }
  if (issue instanceof IssueInvalidFormat) {
    return `${name} must be written as ${issue.formatDescription}.`;
  }
  if (issue instanceof IssueInvalidType) {
    return `${name} must be of type ${issue.expected.join(" or ")}.`;
  }
  if (issue instanceof IssueInvalidValue) {
    return `${name} must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}.`;
  }
  return `${name} is not as its lexicon says.`;
}

const UNITS: Record<l.MeasurableType, string> = {
  string: " bytes long",
  grapheme: " characters long",
  array: " entries long",
  integer: "",
  bytes: " bytes long",
  blob: " bytes long",
};

/** `weekly[2].start`, as the record writes it. */
function fieldName(path: readonly PropertyKey[]): string {
  if (path.length === 0) {
    return "The record";
  }
  const written = path.map((key, depth) =>
    typeof key === "number" ? `[${key}]` : `${depth === 0 ? "" : "."}${String(key)}`,
  );
  return `"${written.join("")}"`;
}
