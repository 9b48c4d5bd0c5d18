/** Shows its page to signed-in people and a sign-in form to others; comes back to the same place afterwards. */

import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import type { Place } from "../router.ts";
import { askSession, useSession, type Account } from "../session.ts";
import { ErrorNotice, Loading, PageTitle } from "./notice.ts";
import { SignInForm } from "./sign-in-form.ts";

interface RequireAccountProps {
  title: string;
  place: Place;
  purpose?: "book" | "publish";
  children: (account: Account) => ComponentChildren;
}

export function RequireAccount({ title, place, purpose = "book", children }: RequireAccountProps) {
  const session = useSession();
  if (session.state === "in") return children(session.account);
  return html`<div class="page narrow">
    <${PageTitle} title=${title} />
    ${session.state === "asking" && html`<${Loading} label="Checking who is signed in" />`}
    ${session.state === "unknown" && html`<${ErrorNotice} message=${session.failure.message} onRetry=${askSession} />`}
    ${
      session.state === "out" &&
      html`<div class="card">
        <p>Sign in with your handle to see this page. You type your password at your own PDS, never here.</p>
        <${SignInForm} returnTo=${place.pathname + place.search + place.hash} purpose=${purpose} />
      </div>`
    }
  </div>`;
}
