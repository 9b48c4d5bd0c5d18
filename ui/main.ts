/** Starts the application in the browser. Sends `localhost` to 127.0.0.1 first, since loopback OAuth comes back to the IP. */

import { html, render } from "htm/preact";
import { App } from "./app.ts";
import { askEarly } from "./early-question.ts";
import { followLinks, matchPath, segment } from "./router.ts";
import { askSession } from "./session.ts";

const root = document.getElementById("app");

if (location.hostname === "localhost" && location.protocol === "http:") {
  const there = new URL(location.href);
  there.hostname = "127.0.0.1";
  location.replace(there.href);
} else if (root) {
  document.addEventListener("click", followLinks);
  void askSession();
  const { pathname } = location;
  const link = matchPath("/book/:actor/:rkey", pathname) ?? matchPath("/book/:actor", pathname);
  // A stranger on a phone waits for the host and for the page's code together, not for one after the other.
  if (link?.["actor"]) askEarly(`/api/hosts/${segment(link["actor"])}`);
  render(html`<${App} />`, root);
}
