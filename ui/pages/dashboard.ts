/** `/dashboard`: what waits for the host, what is coming, the links to share, why times are not offered, and the bookings one made oneself. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type {
  AvailabilityListJson,
  BookingJson,
  BookingListJson,
  MeetingTypeListJson,
} from "../../worker/wire.ts";
import { call, query, type Answer } from "../api.ts";
import { useLoad, useRefresh } from "../load.ts";
import { BookingList } from "../parts/booking-list.ts";
import { CalendarConflicts } from "../parts/calendar-conflicts.ts";
import { CalendarTrouble } from "../parts/calendar-trouble.ts";
import { InvalidRecords } from "../parts/invalid-records.ts";
import { ErrorNotice, Loading, Notice, PageTitle } from "../parts/notice.ts";
import { PastBookings } from "../parts/past-bookings.ts";
import { RequireAccount } from "../parts/require-account.ts";
import { ShareLinks } from "../parts/share-links.ts";
import { WhyCard } from "../parts/why-card.ts";
import type { PageProps } from "../page.ts";
import type { Account } from "../session.ts";

export function DashboardPage({ place }: PageProps) {
  return html`<${RequireAccount} title="Dashboard" place=${place}>
    ${(account: Account) => html`<${Dashboard} account=${account} isNew=${place.search.includes("published=1")} />`}
  <//>`;
}

function Dashboard({ account, isNew }: { account: Account; isNew: boolean }) {
  const types = useLoad(account.did, () => call<MeetingTypeListJson>("GET", "/api/meeting-types"));
  const hours = useLoad(account.did, () => call<AvailabilityListJson>("GET", "/api/availability"));
  const isHost = (types.value?.meetingTypes.length ?? 0) > 0 || (hours.value?.availability.length ?? 0) > 0;
  const settled = types.value !== undefined && hours.value !== undefined;
  // Each list names the records of its own kind; a server may also name all in both.
  const invalid = [...(types.value?.invalid ?? []), ...(hours.value?.invalid ?? [])];
  const distinct = [...new Map(invalid.map((each) => [each.uri, each])).values()];
  const failure = types.failure ?? hours.failure;

  return html`<div class="page">
    <${PageTitle} title="Dashboard" />
    ${
      isNew &&
      html`<${Notice} tone="good"
        ><p>
          <strong>You can be booked now.</strong> Share your link with the people who should meet you.
        </p><//
      >`
    }
    ${failure && html`<${ErrorNotice} message=${failure.message} onRetry=${() => void (types.reload(), hours.reload())} />`}
    <${InvalidRecords} invalid=${distinct} />
    ${isHost && html`<${CalendarTrouble} account=${account} />`}
    <div class=${isNew ? "columns columns-new" : "columns"}>
      <div class="column-wide">
        ${isHost && html`<${CalendarConflicts} account=${account} />`}
        <${HostBookings} account=${account} quiet=${!isHost && !account.canPublish} />
        <${MyBookings} account=${account} />
      </div>
      <div class="column-side">
        ${!settled && !failure && html`<${Loading} label="Looking up your records" />`}
        ${
          settled &&
          isHost &&
          html`<section class="card" aria-labelledby="share-heading">
            <h2 id="share-heading">Your links</h2>
            <${ShareLinks} account=${account} meetingTypes=${types.value?.meetingTypes ?? []} />
            <div class="actions">
              <a class="button button-small" href="/meeting-types/new">New meeting type</a>
              <a class="button button-small" href="/settings">Edit hours and meetings</a>
            </div>
          </section>`
        }
        ${
          settled &&
          !isHost &&
          html`<section class="card invite" aria-labelledby="invite-heading">
            <h2 id="invite-heading">Let people book you</h2>
            <p>Say when you are free and get a link to share. It takes about a minute.</p>
            <a class="button button-primary" href="/availability/new">Set up your availability</a>
          </section>`
        }
      </div>
      ${
        types.value &&
        types.value.meetingTypes.length > 0 &&
        hours.value &&
        html`<${WhyCard}
          did=${account.did}
          meetingTypes=${types.value.meetingTypes}
          availability=${hours.value.availability}
        />`
      }
    </div>
  </div>`;
}

/** Bookings whose end has not passed, as one role; the day's margin keeps a meeting listed while it runs. */
function useUpcoming(did: string, role: "host" | "booker") {
  const loaded = useLoad(`${did} ${role}`, () => askUpcoming(role));
  // The list is a projection and may lag behind the answer to a change made here.
  const [changes, setChanges] = useState<ReadonlyMap<string, BookingJson>>(new Map());
  useRefresh(() => void loaded.reload(), 30);
  const now = Date.now();
  const bookings = (loaded.value?.bookings ?? [])
    .map((each) => newerOf(each, changes.get(each.uid)))
    .filter((each) => Date.parse(each.end) > now)
    .toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const onChanged = (changed: BookingJson): void => setChanges(new Map([...changes, [changed.uid, changed]]));
  return { loaded, bookings, onChanged };
}

/** Pages of 100 that are fetched; a calendar fuller than this shows its nearest bookings. */
const MOST_PAGES = 5;

/** All bookings of one role from yesterday on; those cancelled and declined take room in the pages as well. */
async function askUpcoming(role: "host" | "booker"): Promise<Answer<BookingListJson>> {
  const from = new Date(Date.now() - 86_400_000).toISOString();
  const bookings: BookingJson[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const path = `/api/bookings${query({ role, from, limit: "100", cursor })}`;
    const answer = await call<BookingListJson>("GET", path);
    if (!answer.ok) return answer;
    bookings.push(...answer.value.bookings);
    cursor = answer.value.cursor;
    if (cursor === undefined) break;
  }
  return { ok: true, value: { bookings } };
}

function newerOf(listed: BookingJson, changed: BookingJson | undefined): BookingJson {
  return changed && changed.sequence > listed.sequence ? changed : listed;
}

interface HostBookingsProps {
  account: Account;
  /** For somebody who publishes nothing: only what there is, as from hours that were deleted since. */
  quiet: boolean;
}

function HostBookings({ account, quiet }: HostBookingsProps) {
  const { loaded, bookings, onChanged } = useUpcoming(account.did, "host");
  const shared = { loaded, did: account.did, onChanged };
  const waiting = bookings.filter((each) => each.status === "pending");
  const coming = bookings.filter((each) => each.status === "confirmed");
  return html`
    ${
      (!quiet || waiting.length > 0) &&
      html`<${BookingList}
        ...${shared}
        title="Waiting for your answer"
        count=${waiting.length}
        bookings=${waiting}
        empty="Nobody is waiting for you."
      />`
    }
    ${
      (!quiet || coming.length > 0) &&
      html`<${BookingList}
        ...${shared}
        title="Coming up"
        bookings=${coming}
        empty="No confirmed meetings ahead."
      />`
    }
    ${!quiet && html`<${PastBookings} title="Past meetings" role="host" did=${account.did} />`}
  `;
}

function MyBookings({ account }: { account: Account }) {
  const { loaded, bookings, onChanged } = useUpcoming(account.did, "booker");
  return html`
    <${BookingList}
      loaded=${loaded}
      did=${account.did}
      onChanged=${onChanged}
      title="My bookings"
      bookings=${bookings}
      empty="Nothing ahead. When you book somebody, it shows up here."
    />
    <${PastBookings} title="My past bookings" role="booker" did=${account.did} />
  `;
}
