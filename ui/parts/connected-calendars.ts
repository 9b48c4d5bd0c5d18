/** A host's calendars: those that are connected, connecting one, letting go of one, and where bookings are written. */

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CalendarJson, ConnectionJson, ConnectionListJson } from "../../worker/wire.ts";
import { call, type Failure } from "../api.ts";
import { useCalendarChanges } from "../calendar-changes.ts";
import { returnNotice } from "../calendar-return.ts";
import { problemSentence } from "../calendar-standing.ts";
import { CONNECTIONS } from "../connections.ts";
import type { Loaded } from "../load.ts";
import { navigate, segment, type Place } from "../router.ts";
import { forgetSession } from "../session.ts";
import { CalendarConnection } from "./calendar-connection.ts";
import { ConfirmDialog } from "./confirm-dialog.ts";
import { ConnectCalendar } from "./connect-calendar.ts";
import { Announce, ErrorNotice, focusHeading, Loading } from "./notice.ts";
import { WrittenBookings } from "./written-bookings.ts";

/** What links to this part of the settings end in. */
const HEADING = "calendars-heading";

interface ConnectedCalendarsProps {
  list: Loaded<ConnectionListJson>;
  place: Place;
}

export function ConnectedCalendars({ list, place }: ConnectedCalendarsProps) {
  const { connections, change, blocksResult, takesResult, put, remove } = useCalendarChanges(list);
  const [leaving, setLeaving] = useState<ConnectionJson | undefined>();
  const [isConnecting, setConnecting] = useState(false);
  const [said, setSaid] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const returned = returnNotice(place.search);
  const offersGoogle = list.value?.offersGoogle ?? false;

  const isMeant = returned !== undefined || place.hash === `#${HEADING}`;
  useEffect(() => {
    if (!isMeant) return;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: "start" });
  }, [place, isMeant]);

  const say = (text: string): void => {
    setSaid(text);
    // What was said of the way back from Google is old news then.
    if (returned) navigate(place.pathname, { replace: true });
  };
  const putAndSay = (connection: ConnectionJson, text: string): void => {
    put(connection);
    say(problemSentence(connection) ?? text);
  };
  const disconnect = async ({ id, label }: ConnectionJson): Promise<Failure | undefined> => {
    const answer = await call<unknown>("DELETE", `${CONNECTIONS}/${segment(id)}`);
    if (!answer.ok) {
      if (answer.failure.status === 401) forgetSession();
      return answer.failure;
    }
    remove(id);
    say(`${label} is disconnected`);
    focusHeading(() => heading.current);
    return undefined;
  };

  return html`<section class="card" aria-labelledby=${HEADING}>
    <h2 id=${HEADING} ref=${heading} tabindex="-1">Your calendars</h2>
    ${returned && html`<div class=${`notice notice-${returned.tone}`} role="status"><p>${returned.text}</p></div>`}
    <p class="muted">
      What is busy in them is not offered here. We keep when you are busy, and nothing of what your events
      are.
    </p>
    ${list.loading && html`<${Loading} label="Looking up your calendars" />`}
    ${list.failure && html`<${ErrorNotice} message=${list.failure.message} onRetry=${list.reload} />`}
    ${
      connections.length > 0 &&
      html`<ul class="connection-list">
        ${connections.map(
          (each) =>
            html`<${CalendarConnection}
              key=${each.id}
              connection=${each}
              result=${blocksResult(each.id)}
              onBlocks=${(calendar: CalendarJson, blocks: boolean) =>
                change({ kind: "blocks", connectionId: each.id, calendarId: calendar.id, blocks })}
              onRead=${(read: ConnectionJson) => putAndSay(read, `${read.label} is up to date`)}
              onRenewed=${(read: ConnectionJson) => {
                putAndSay(read, `${read.label} can be read again`);
                focusHeading(() => heading.current);
              }}
              onLeave=${() => setLeaving(each)}
            />`,
        )}
      </ul>`
    }
    <${WrittenBookings}
      connections=${connections}
      offersGoogle=${offersGoogle}
      result=${takesResult}
      onChange=${change}
    />
    ${
      list.value &&
      connections.length > 0 &&
      html`<button
        type="button"
        class="link-button disclosure"
        aria-expanded=${isConnecting}
        onClick=${() => setConnecting(!isConnecting)}
      >
        Connect another calendar
      </button>`
    }
    ${
      list.value &&
      (connections.length === 0 || isConnecting) &&
      html`<${ConnectCalendar}
        offersGoogle=${offersGoogle}
        onConnected=${(connection: ConnectionJson) => {
          put(connection);
          setConnecting(false);
          say(`${connection.label} is connected`);
          focusHeading(() => heading.current);
        }}
      />`
    }
    <${Announce} text=${said} />
    ${
      leaving &&
      html`<${ConfirmDialog}
        title="Disconnect this calendar?"
        confirmLabel="Disconnect"
        keepLabel="Keep it"
        onConfirm=${() => disconnect(leaving)}
        onClose=${() => setLeaving(undefined)}
      >
        <p>The times that are busy in <strong>${leaving.label}</strong> are offered again at once.</p>
      <//>`
    }
  </section>`;
}
