/** Records in the host's PDS that could not be used, and why. */

import { html } from "htm/preact";
import type { InvalidRecordJson } from "../../worker/wire.ts";

export function InvalidRecords({ invalid }: { invalid: readonly InvalidRecordJson[] }) {
  if (invalid.length === 0) return null;
  const isOne = invalid.length === 1;
  const count = isOne ? "One record was left out" : `${invalid.length} records were left out`;
  const what = isOne ? "it" : "them";
  return html`<div class="notice notice-warn" role="status">
    <p><strong>${count}.</strong> Correct or delete ${what} in your PDS; everything else works.</p>
    <ul class="invalid-list">
      ${invalid.map(
        (each) =>
          html`<li key=${each.uri} title=${each.uri}>
            <span>${kindOf(each.uri)} <code>${each.uri.split("/").at(-1)}</code>: ${each.reason}</span>
          </li>`,
      )}
    </ul>
  </div>`;
}

function kindOf(uri: string): string {
  if (uri.includes(".meetingType/")) return "Meeting type";
  return uri.includes(".availability/") ? "Hours" : "Record";
}
