/** One's own bookings in one's calendar program: making the secret link to subscribe to, and taking it back. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { BookingFeedJson, NewBookingFeedJson } from "../../worker/wire.ts";
import { call, type Answer, type Failure } from "../api.ts";
import { listDay } from "../clock-format.ts";
import { useLoad } from "../load.ts";
import { forgetSession, type Account } from "../session.ts";
import { useViewerTime } from "../viewer-time.ts";
import { CopyField } from "./copy-field.ts";
import { Announce, ErrorNotice } from "./notice.ts";

const PATH = "/api/booking-feed";

export function BookingFeed({ account }: { account: Account }) {
  const { zone } = useViewerTime();
  const feed = useLoad(account.did, () => call<BookingFeedJson>("GET", PATH));
  const [made, setMade] = useState<NewBookingFeedJson | undefined>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const [said, setSaid] = useState("");
  const since = feed.value?.since;

  /** One at a time; what went wrong is shown, what went well is said. */
  const does = async <Value>(
    ask: () => Promise<Answer<Value>>,
    then: (value: Value) => void,
    saying: string,
  ): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const answer = await ask();
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.failure);
    if (!answer.ok) {
      if (answer.failure.status === 401) forgetSession();
      return;
    }
    then(answer.value);
    setSaid(saying);
  };
  const make = () =>
    does(
      () => call<NewBookingFeedJson>("POST", PATH),
      (value) => {
        setMade(value);
        feed.replace({ since: value.since });
      },
      "Your link is made",
    );
  const end = () =>
    does(
      () => call<unknown>("DELETE", PATH),
      () => {
        setMade(undefined);
        feed.replace({});
      },
      "Your link leads nowhere any more",
    );

  return html`<section class="card" aria-labelledby="booking-feed-heading">
    <h2 id="booking-feed-heading">Your bookings in your calendar</h2>
    <p class="muted">
      Subscribe to a secret link, and every booking of yours shows up in your calendar program, as host and as
      booker. Most programs come by every few hours.
    </p>
    ${feed.failure && html`<${ErrorNotice} message=${feed.failure.message} onRetry=${feed.reload} />`}
    ${
      made &&
      html`<${CopyField} id="booking-feed-url" label="Your link" value=${made.url} />
        <p class="hint">It is shown this once. Whoever has it sees your bookings and their notes.</p>`
    }
    ${
      since !== undefined &&
      !made &&
      html`<p>
        You have had a link since ${listDay(Date.parse(since), zone, Date.now())}. A new one takes its place.
      </p>`
    }
    ${failure && html`<${ErrorNotice} message=${failure.message} />`}
    ${
      feed.value &&
      html`<div class="actions">
        <button type="button" class="button" aria-busy=${busy} disabled=${busy} onClick=${make}>
          ${since === undefined ? "Make a link" : "Make a new link"}
        </button>
        ${
          since !== undefined &&
          html`<button type="button" class="button" disabled=${busy} onClick=${end}>Take it back</button>`
        }
        ${made && html`<a class="button" href=${made.webcalUrl}>Open in a calendar program</a>`}
      </div>`
    }
    <${Announce} text=${said} />
  </section>`;
}
