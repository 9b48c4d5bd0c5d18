/** The frame around every page: header, the page of the current path, footer. Knows no page's content. */

import { html } from "htm/preact";
import { useEffect, useErrorBoundary, useState } from "preact/hooks";
import { Header } from "./parts/header.ts";
import { ErrorNotice, Loading } from "./parts/notice.ts";
import { usePlace } from "./router.ts";
import type { Page } from "./page.ts";
import { routeFor } from "./routes.ts";

export function App() {
  const place = usePlace();
  return html`
    <a class="skip-link" href="#main">Skip to content</a>
    <${Header} place=${place} />
    <main id="main" tabindex="-1" class="main"><${CurrentPage} place=${place} /></main>
    <footer class="footer">
      <p>
        atproto Cal is an open scheduling broker on the AT Protocol. Your records stay yours, in your own PDS.
      </p>
    </footer>
  `;
}

function CurrentPage({ place }: { place: ReturnType<typeof usePlace> }) {
  const route = routeFor(place.pathname);
  const [shown, setShown] = useState<{ key: string; page: Page } | undefined>();
  const [failed, setFailed] = useState(false);
  const [crash, resetCrash] = useErrorBoundary();

  useEffect(() => {
    let current = true;
    setFailed(false);
    if (crash) resetCrash();
    route.load().then(
      (page) => {
        if (current) setShown({ key: route.key, page });
      },
      () => {
        if (current) setFailed(!reloadOnce());
      },
    );
    return () => {
      current = false;
    };
  }, [route.key]);

  if (failed || crash) {
    return html`<div class="page narrow">
      <h1>This page did not open</h1>
      <${ErrorNotice}
        message="Something went wrong while opening this page."
        onRetry=${() => location.reload()}
      />
    </div>`;
  }
  if (shown?.key !== route.key) return html`<${Loading} label="Opening the page" />`;
  return html`<${shown.page} key=${route.key} params=${route.params} place=${place} />`;
}

/** A chunk of an older deploy is gone: a fresh document names the new ones. Tried once a minute, to never loop. */
function reloadOnce(): boolean {
  const key = "reloaded-at";
  const last = Number(sessionStorage.getItem(key) ?? 0);
  if (Date.now() - last < 60_000) return false;
  sessionStorage.setItem(key, String(Date.now()));
  location.reload();
  return true;
}
