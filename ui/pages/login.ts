/** `/auth/login`: asks for a handle and explains where the password is typed. */

import { html } from "htm/preact";
import type { LoginInput } from "../../worker/wire.ts";
import { ErrorNotice, PageTitle } from "../parts/notice.ts";
import { SignInForm } from "../parts/sign-in-form.ts";
import { ownPath } from "../router.ts";
import type { PageProps } from "../page.ts";
import { askSession, useSession } from "../session.ts";

type Purpose = NonNullable<LoginInput["purpose"]>;

const PURPOSES: readonly Purpose[] = ["book", "publish", "email"];

/** What one is asked to allow, at the end of a sentence. */
const WHAT_IT_MAY: Readonly<Record<Purpose, string>> = {
  book: ".",
  publish: ": write your hours, your meeting types and a profile that says you can be booked.",
  email: ": see the e-mail address of your account, to mail you there.",
};

export function LoginPage({ place }: PageProps) {
  const session = useSession();
  const wanted = new URLSearchParams(place.search);
  const returnTo = ownPath(wanted.get("returnTo")) ?? "/dashboard";
  const purpose = PURPOSES.find((each) => each === wanted.get("purpose")) ?? "book";
  return html`<div class="page narrow">
    <${PageTitle} title="Sign in" />
    ${session.state === "unknown" && html`<${ErrorNotice} message=${session.failure.message} onRetry=${askSession} />`}
    ${
      session.state === "in" &&
      html`<div class="notice notice-info">
        <p>
          You are signed in as <bdi>@${session.account.handle}</bdi>. <a href=${returnTo}>Continue</a>, or
          sign in as somebody else.
        </p>
      </div>`
    }
    <div class="card">
      <${SignInForm}
        returnTo=${returnTo}
        purpose=${purpose}
        initial=${wanted.get("actor") ?? ""}
        submitLabel="Continue"
      />
    </div>
    <div class="aside-text">
      <h2>What happens next</h2>
      <p>
        Your handle tells us where your account lives. You type your password there, at your own PDS, and
        never here. It then lets you decide what atproto Cal may do${WHAT_IT_MAY[purpose]}
      </p>
      <p>
        No account yet? Any account on the AT Protocol will do, such as one from${" "}<a
          href="https://bsky.app"
          rel="noopener"
          >Bluesky</a
        >.
      </p>
    </div>
  </div>`;
}
