/** Saving records to the person's PDS, across the trip that asks for permission: the form is kept, and sent again on return. */

import { useState } from "preact/hooks";
import { call, type Failure, type Method } from "./api.ts";
import { dropDraft, findDraft, keepDraft } from "./draft.ts";
import { forgetSession } from "./session.ts";

export interface RecordWrite<Form> {
  saving: boolean;
  failure: Failure | undefined;
  /** Whether the person must first allow writing at their PDS. */
  needsPermission: boolean;
  /** The form as it was before the trip, if there was one. */
  kept: Form | undefined;
  /** Sends the call; answers its value, or undefined when it failed or permission is missing. */
  save: (method: Method, path: string, body: unknown, form: Form) => Promise<{ value: unknown } | undefined>;
  /** Removes a record. Nothing is removed by itself after a trip for permission: it is asked again. */
  remove: (path: string) => Promise<Removal>;
}

export type Removal =
  | { state: "removed" }
  | { state: "needs-permission" }
  | { state: "failed"; failure: Failure };

/** One page's saving. `key` names the page; `isForm` guards against a draft of another version of this program. */
export function useRecordWrite<Form>(
  key: string,
  isForm: (value: unknown) => value is Form,
): RecordWrite<Form> {
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const [needsPermission, setNeedsPermission] = useState(false);
  const [kept] = useState(() => findDraft(sessionStorage, key, Date.now(), isForm));

  const noteFailure = (problem: Failure): void => {
    if (problem.status === 401) forgetSession();
    if (problem.error === "ScopeRequired") setNeedsPermission(true);
    else setFailure(problem);
  };

  return {
    saving,
    failure,
    needsPermission,
    kept,
    async save(method, path, body, form) {
      if (saving) return undefined;
      setSaving(true);
      setFailure(undefined);
      setNeedsPermission(false);
      keepDraft(sessionStorage, key, form, Date.now());
      const answer = await call<unknown>(method, path, body);
      setSaving(false);
      if (answer.ok) {
        dropDraft(sessionStorage, key);
        return { value: answer.value };
      }
      noteFailure(answer.failure);
      return undefined;
    },
    async remove(path) {
      const answer = await call<unknown>("DELETE", path);
      if (answer.ok) {
        dropDraft(sessionStorage, key);
        return { state: "removed" };
      }
      if (answer.failure.error !== "ScopeRequired") return { state: "failed", failure: answer.failure };
      setNeedsPermission(true);
      return { state: "needs-permission" };
    },
  };
}

/** Whether a kept value has the fields of a form. */
export function hasFields(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && names.every((name) => name in value);
}
