/** What a link from a mail shows that does nothing any more. */

import { html } from "htm/preact";
import { PageTitle } from "./notice.ts";

/** `isCut`: what follows the `#` is missing: cut off, or the page was loaded again. */
export function StaleLink({ isCut = false }: { isCut?: boolean }) {
  return html`<div class="page narrow">
    <${PageTitle} title=${isCut ? "Open the link again" : "This link is good no more"} />
    <p>
      ${
        isCut
          ? "Something of the link is missing here. Go back to the mail and follow its link once more, or copy all of it."
          : "It was used already, a newer one took its place, or it is too old."
      }
    </p>
    <p><a class="button" href="/settings#email-heading">See where you are mailed</a></p>
  </div>`;
}
