/** The state of a form that gives access to a calendar: what was typed, what is wrong with it, whether it is being read. */

import { useState } from "preact/hooks";
import type { CalendarAccessInput } from "../worker/wire.ts";
import type { Answer } from "./api.ts";
import {
  accessFrom,
  EMPTY_ACCESS,
  firstWrong,
  refusedAccess,
  type AccessDraft,
  type AccessErrors,
  type TypedKind,
} from "./calendar-access.ts";
import { forgetSession } from "./session.ts";

export interface AccessForm {
  readonly draft: AccessDraft;
  readonly errors: AccessErrors;
  readonly busy: boolean;
  readonly change: (change: Partial<AccessDraft>) => void;
  /** Sends what was typed, once it is whole; what is wrong then stands at its field, which gets the focus. */
  readonly submit: <Value>(
    send: (access: CalendarAccessInput) => Promise<Answer<Value>>,
  ) => Promise<Value | undefined>;
}

/** `id` begins the ids of the fields. */
export function useAccessForm(id: string, kind: TypedKind): AccessForm {
  const [draft, setDraft] = useState(EMPTY_ACCESS);
  const [errors, setErrors] = useState<AccessErrors>({});
  const [busy, setBusy] = useState(false);
  const complain = (next: AccessErrors): void => {
    setErrors(next);
    document.getElementById(`${id}-${firstWrong(next)}`)?.focus();
  };
  return {
    draft,
    errors,
    busy,
    change(change) {
      setDraft({ ...draft, ...change });
      setErrors({});
    },
    async submit(send) {
      if (busy) return undefined;
      const access = accessFrom(kind, draft);
      if (!access.ok) {
        complain(access.errors);
        return undefined;
      }
      setErrors({});
      setBusy(true);
      const answer = await send(access.value);
      setBusy(false);
      if (answer.ok) {
        setDraft(EMPTY_ACCESS);
        return answer.value;
      }
      if (answer.failure.status === 401) forgetSession();
      complain(refusedAccess(kind, answer.failure.message));
      return undefined;
    },
  };
}
