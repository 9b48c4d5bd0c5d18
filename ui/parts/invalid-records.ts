/** Records in the host's PDS that could not be used, and why. */

import { html } from "htm/preact";
import type { InvalidRecordJson } from "../../worker/wire.ts";

export function InvalidRecords({ invalid }: { invalid: readonly InvalidRecordJson[] }) {
  if (invalid.length === 0) return null;
  return html`<div class="notice notice-warn" role="status">
    <p>
      <strong
        >${invalid.length === 1 ? "One record was left out" : `${invalid.length} records were left out`}</strong
      >, because they are not valid. Nothing else is affected.
    </p>
    <ul class="invalid-list">
      ${invalid.map((each) => html`<li key=${each.uri}><code>${each.uri}</code><span>${each.reason}</span></li>`)}
    </ul>
  </div>`;
}
