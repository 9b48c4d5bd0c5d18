/** `/`: what this is, how it works, and the way in. */

import { html } from "htm/preact";
import { PageTitle } from "../parts/notice.ts";
import { SignInForm } from "../parts/sign-in-form.ts";
import { actorOf, useSession, type Account } from "../session.ts";
import { segment } from "../router.ts";

export function HomePage() {
  const session = useSession();
  return html`<div class="page">
    <section class="hero">
      <div class="hero-text">
        <${PageTitle} title="Share one link. Get booked when it suits you." />
        <p class="lead">
          atproto Cal offers your free times to the people you choose, gives each time to one person only, and
          keeps your hours where they belong: in your own account on the AT Protocol.
        </p>
        ${session.state === "in" ? html`<${Welcome} account=${session.account} />` : html`<${SignInForm} returnTo="/dashboard" />`}
        ${
          session.state !== "in" &&
          html`<p class="hint">
            Works with any AT Protocol handle. Your password is typed at your own PDS, never here.
          </p>`
        }
      </div>
      <${Sample} />
    </section>
    <section aria-labelledby="how-heading">
      <h2 id="how-heading" class="section-title">How it works</h2>
      <ol class="steps">
        <li>
          <h3>Say when you are free</h3>
          <p>Set your weekly hours and what can be booked. It takes about a minute.</p>
        </li>
        <li>
          <h3>Share your link</h3>
          <p>People see your free times in their own time zone and pick one.</p>
        </li>
        <li>
          <h3>Meet</h3>
          <p>Approve requests, or have them confirmed at once. No time is ever given twice.</p>
        </li>
      </ol>
    </section>
  </div>`;
}

function Welcome({ account }: { account: Account }) {
  return html`<div class="welcome">
    <p class="muted">Signed in as <bdi>@${account.handle}</bdi></p>
    <div class="actions">
      <a class="button button-primary" href="/dashboard">Go to your dashboard</a>
      <a class="button" href=${`/book/${segment(actorOf(account))}`}>See your booking page</a>
    </div>
  </div>`;
}

/** A picture of a booking page, made of boxes; says nothing to screen readers. */
function Sample() {
  const free = new Set([3, 4, 9, 10, 11, 16, 17, 18, 24, 25]);
  return html`<div class="sample" aria-hidden="true">
    <div class="sample-head">
      <span class="avatar">A</span><span class="sample-lines"><i></i><i></i></span>
    </div>
    <div class="sample-body">
      <div class="sample-month">
        ${Array.from({ length: 28 }, (_, day) => html`<i key=${day} class=${day === 10 ? "is-chosen" : free.has(day) ? "is-free" : ""}></i>`)}
      </div>
      <div class="sample-times">
        ${["09:30", "10:00", "11:30", "14:00"].map((time) => html`<span key=${time} class=${time === "10:00" ? "is-chosen" : ""}>${time}</span>`)}
      </div>
    </div>
  </div>`;
}
