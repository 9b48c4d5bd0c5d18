/** One connection: what it is and how it stands, reading it now, letting go of it, giving access again, and its calendars. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { CalendarJson, ConnectionJson } from "../../worker/wire.ts";
import { call, type Failure } from "../api.ts";
import type { ChangeResult } from "../calendar-changes.ts";
import { asOfSentence, kindName, problemSentence, wantsAccess } from "../calendar-standing.ts";
import { CONNECTIONS } from "../connections.ts";
import { segment } from "../router.ts";
import { forgetSession } from "../session.ts";
import { useViewerTime } from "../viewer-time.ts";
import { BlockingCalendars } from "./blocking-calendars.ts";
import { RenewAccess } from "./renew-access.ts";

interface CalendarConnectionProps {
  connection: ConnectionJson;
  /** What became of the last change to what blocks. */
  result: ChangeResult | undefined;
  onBlocks: (calendar: CalendarJson, blocks: boolean) => void;
  /** It was read just now. */
  onRead: (connection: ConnectionJson) => void;
  onRenewed: (connection: ConnectionJson) => void;
  onLeave: () => void;
}

export function CalendarConnection(props: CalendarConnectionProps) {
  const { connection, result, onBlocks, onRead, onRenewed, onLeave } = props;
  const { zone } = useViewerTime();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const { id, kind, label } = connection;
  const refresh = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const answer = await call<{ connection: ConnectionJson }>(
      "POST",
      `${CONNECTIONS}/${segment(id)}/refresh`,
    );
    setBusy(false);
    if (!answer.ok && answer.failure.status === 401) forgetSession();
    setFailure(answer.ok ? undefined : answer.failure);
    if (answer.ok) onRead(answer.value.connection);
  };
  const problem = problemSentence(connection);
  // One that is called like its kind need not say it twice.
  const facts = [kindName(kind), asOfSentence(connection, Date.now(), zone)].filter((each) => each !== label);
  return html`<li class="connection">
    <div class="connection-head">
      <div>
        <h3 class="record-name">${label}</h3>
        <p class="muted">${facts.join(" · ")}</p>
        ${problem && html`<p class="field-error">${problem}</p>`}
        ${failure && html`<p class="field-error" role="alert">${failure.message}</p>`}
      </div>
      <span class="actions">
        <button
          type="button"
          class="button button-small"
          aria-label=${`Refresh ${label}`}
          aria-busy=${busy}
          disabled=${busy}
          onClick=${refresh}
        >
          Refresh
        </button>
        <button
          type="button"
          class="button button-small"
          aria-label=${`Disconnect ${label}`}
          onClick=${onLeave}
        >
          Disconnect
        </button>
      </span>
    </div>
    ${wantsAccess(connection) && html`<${RenewAccess} connection=${connection} onRenewed=${onRenewed} />`}
    <${BlockingCalendars} connection=${connection} result=${result} onChange=${onBlocks} />
  </li>`;
}
