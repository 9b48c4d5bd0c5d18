/** The bar on top: logo, where a signed-in person can go, the bell. Loads nothing but what it shows. */

import { html } from "htm/preact";
import { useChunk } from "../chunk.ts";
import type { Place } from "../router.ts";
import { useSession } from "../session.ts";

/** The bell's code is not needed by the strangers who open booking links. */
const loadBell = () => import("./bell.ts").then((module) => module.Bell);

export function Header({ place }: { place: Place }) {
  const session = useSession();
  const did = session.state === "in" ? session.account.did : undefined;
  const bell = useChunk(loadBell, did !== undefined);

  const link = (href: string, label: string) =>
    html`<a href=${href} class="nav-link" aria-current=${place.pathname === href ? "page" : undefined}
      >${label}</a
    >`;
  return html`<header class="header">
    <div class="header-inner">
      <a href="/" class="brand" aria-label="atproto Cal, start page">
        <img src="/logo.svg" alt="" width="28" height="28" /><span>atproto Cal</span>
      </a>
      <nav class="nav" aria-label="Main">
        ${did !== undefined && html`${link("/dashboard", "Dashboard")}${link("/settings", "Settings")}`}
        ${session.state === "out" && place.pathname !== "/auth/login" && link("/auth/login", "Sign in")}
      </nav>
      ${did !== undefined && bell.part && html`<${bell.part} did=${did} />`}
    </div>
  </header>`;
}
