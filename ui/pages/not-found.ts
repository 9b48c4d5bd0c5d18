/** What an unknown path shows. */

import { html } from "htm/preact";
import { PageTitle } from "../parts/notice.ts";

export function NotFoundPage() {
  return html`<div class="page narrow">
    <${PageTitle} title="Page not found" />
    <p>There is nothing at this address. Perhaps the link was cut short when it was copied.</p>
    <p><a class="button" href="/">Go to the start page</a></p>
  </div>`;
}
