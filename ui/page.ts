/** What a page is to the rest of the UI. */

import type { ComponentType } from "preact";
import type { Params, Place } from "./router.ts";

/** What every page gets. */
export interface PageProps {
  params: Params;
  place: Place;
}

export type Page = ComponentType<PageProps>;
