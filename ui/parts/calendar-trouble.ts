/** Tells a host which of their calendars cannot be read, and where that is mended. Nothing while all is well, or unknown. */

import { html } from "htm/preact";
import { troubleSentence } from "../calendar-standing.ts";
import { useConnections } from "../connections.ts";
import type { Account } from "../session.ts";
import { useViewerTime } from "../viewer-time.ts";
import { Notice } from "./notice.ts";

export function CalendarTrouble({ account }: { account: Account }) {
  const { zone } = useViewerTime();
  const list = useConnections(account.did);
  const troubled = (list.value?.connections ?? []).filter(({ state }) => state !== "ok");
  if (troubled.length === 0) return null;
  return html`<${Notice} tone="warn">
    ${troubled.map(
      (each) =>
        html`<p key=${each.id}><strong>${each.label}</strong> ${troubleSentence(each, Date.now(), zone)}</p>`,
    )}
    <p><a href="/settings#calendars-heading">See your calendars</a></p>
  <//>`;
}
