/** Where the saving of some settings has got to, for the form that shows them. */

import { useState } from "preact/hooks";
import type { SettingsJson } from "../worker/wire.ts";
import type { Failure } from "./api.ts";
import { changeSettings } from "./viewer-time.ts";

export interface SettingsSaving {
  readonly state: "idle" | "saving" | "saved";
  readonly failure: Failure | undefined;
  /** Saves these and leaves the others as they are; answers whether it worked. */
  readonly save: (change: SettingsJson) => Promise<boolean>;
  /** Something was changed since it was saved. */
  readonly touch: () => void;
}

export function useSettingsSaving(): SettingsSaving {
  const [state, setState] = useState<SettingsSaving["state"]>("idle");
  const [failure, setFailure] = useState<Failure | undefined>();
  return {
    state,
    failure,
    async save(change) {
      setState("saving");
      setFailure(undefined);
      const answer = await changeSettings(change);
      setState(answer.ok ? "saved" : "idle");
      if (!answer.ok) setFailure(answer.failure);
      return answer.ok;
    },
    touch() {
      setState("idle");
      setFailure(undefined);
    },
  };
}
