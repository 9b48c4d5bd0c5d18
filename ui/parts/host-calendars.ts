/** All of the settings that are about a host's own calendars. */

import { html } from "htm/preact";
import { useConnections } from "../connections.ts";
import type { Place } from "../router.ts";
import type { Account } from "../session.ts";
import { ConnectedCalendars } from "./connected-calendars.ts";
import { SilentCalendar } from "./silent-calendar.ts";

export function HostCalendars({ account, place }: { account: Account; place: Place }) {
  const list = useConnections(account.did);
  const hasAny = (list.value?.connections.length ?? 0) > 0;
  return html`<${ConnectedCalendars} list=${list} place=${place} />${hasAny && html`<${SilentCalendar} />`}`;
}
