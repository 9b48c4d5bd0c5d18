/** Which page answers which path, each in a chunk of its own. */

import type { ComponentType } from "preact";
import { matchPath, type Params, type Place } from "./router.ts";

/** What every page gets. */
export interface PageProps {
  params: Params;
  place: Place;
}

export type Page = ComponentType<PageProps>;

interface Route {
  readonly pattern: string;
  readonly load: () => Promise<Page>;
}

const home = async (): Promise<Page> => (await import("./pages/home.ts")).HomePage;
const notFound = async (): Promise<Page> => (await import("./pages/not-found.ts")).NotFoundPage;

const routes: readonly Route[] = [{ pattern: "/", load: home }];

/** The route of a path; unknown paths get the 404 page. */
export function routeFor(pathname: string): { load: () => Promise<Page>; params: Params; key: string } {
  for (const route of routes) {
    const params = matchPath(route.pattern, pathname);
    // Two availabilities are two pages: their forms must not share state.
    if (params) return { load: route.load, params, key: `${route.pattern} ${JSON.stringify(params)}` };
  }
  return { load: notFound, params: {}, key: pathname };
}
