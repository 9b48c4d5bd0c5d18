/** Whether reminders are mailed as well: a box whose change is saved at once. */

import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import type { EmailAnswerJson, EmailJson, EmailWishesInput } from "../../worker/messages-wire.ts";
import { call } from "../api.ts";
import type { ChangeResult } from "../calendar-changes.ts";
import { inTurn } from "../in-turn.ts";
import { forgetSession } from "../session.ts";
import { SaveState } from "./save-state.ts";

interface MailedRemindersProps {
  email: EmailJson;
  onSaved: (email: EmailJson) => void;
}

export function MailedReminders({ email, onSaved }: MailedRemindersProps) {
  const [wanted, setWanted] = useState<boolean | undefined>();
  const [result, setResult] = useState<ChangeResult | undefined>();
  const turn = useRef(inTurn());
  const latest = useRef(0);
  const change = async (reminders: boolean): Promise<void> => {
    latest.current += 1;
    const mine = latest.current;
    setWanted(reminders);
    setResult({ state: "saving" });
    const input: EmailWishesInput = { reminders };
    const answer = await turn.current(() => call<EmailAnswerJson>("PUT", "/api/email", input));
    // Changed again meanwhile: what that is answered counts.
    if (mine !== latest.current) return;
    setWanted(undefined);
    setResult(answer.ok ? { state: "saved" } : { state: "failed", message: answer.failure.message });
    if (answer.ok) onSaved(answer.value.email);
    else if (answer.failure.status === 401) forgetSession();
  };
  return html`<div>
    <label class="check">
      <input
        type="checkbox"
        checked=${wanted ?? email.reminders}
        onChange=${(event: { currentTarget: HTMLInputElement }) => change(event.currentTarget.checked)}
      />
      <span>Mail reminders, too</span>
    </label>
    <${SaveState} result=${result} />
  </div>`;
}
