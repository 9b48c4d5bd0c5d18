/** The seasons of some usual hours, each with the way to its editor, and the way to a new one. */

import { html } from "htm/preact";
import type { AvailabilityJson } from "../../worker/wire.ts";
import { query } from "../api.ts";
import { dateSpan } from "../clock-format.ts";
import { segment } from "../router.ts";

interface SeasonListProps {
  usual: AvailabilityJson;
  seasons: readonly AvailabilityJson[];
}

export function SeasonList({ usual, seasons }: SeasonListProps) {
  const add = `/availability/new${query({ insteadOf: usual.rkey })}`;
  if (seasons.length === 0) {
    return html`<p class="hint">
      Other hours in summer or over the holidays?${" "}<a href=${add}>Add hours for a season</a>; on their
      dates they replace these by themselves.
    </p>`;
  }
  return html`<section class="card" aria-labelledby="seasons-heading">
    <div class="title-row">
      <h2 id="seasons-heading">Seasons</h2>
      <a class="button button-small" href=${add}>Add hours for a season</a>
    </div>
    <p class="muted">On their dates, these hold instead of “${usual.name}”.</p>
    <ul class="record-list">
      ${seasons.map(
        (each) =>
          html`<li key=${each.rkey} class="record">
            <div>
              <span class="record-name">${each.name}</span>
              <span class="muted">${dateSpan(each.from, each.until) || "always"}</span>
            </div>
            <a
              class="button button-small"
              href=${`/availability/${segment(each.rkey)}`}
              aria-label=${`Edit ${each.name}`}
              >Edit</a
            >
          </li>`,
      )}
    </ul>
  </section>`;
}
