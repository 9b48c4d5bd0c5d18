/** The front page: what this is. */

import { html } from "htm/preact";
import { PageTitle } from "../parts/notice.ts";

export function HomePage() {
  return html`<div class="page">
    <${PageTitle} title="Share one link. Get booked at the right time." />
  </div>`;
}
