/** The bar on top: logo, where a signed-in person can go, the bell. On booking pages it stays quiet. */

import { html } from "htm/preact";
import type { Place } from "../router.ts";
import { useSession } from "../session.ts";

export function Header({ place }: { place: Place }) {
  const session = useSession();
  const link = (href: string, label: string) =>
    html`<a href=${href} class="nav-link" aria-current=${place.pathname === href ? "page" : undefined}
      >${label}</a
    >`;
  return html`<header class="header">
    <a href="/" class="brand"><img src="/logo.svg" alt="" width="28" height="28" />atproto Cal</a>
    <nav class="nav" aria-label="Main">
      ${session.state === "in" && html`${link("/dashboard", "Dashboard")}${link("/settings", "Settings")}`}
      ${session.state === "out" && place.pathname !== "/auth/login" && link("/auth/login", "Sign in")}
    </nav>
  </header>`;
}
