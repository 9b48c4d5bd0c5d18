/** Reads one feed inside workerd as often as it is asked to, in the ways that are compared. Keeps it between requests, answers counts. */

import ICAL from "ical.js";
import { readBusyPeriods } from "../adapters/calendars/icalendar/busy-periods.ts";
import type { FeedWork } from "./feed-readings.ts";
import { ASKED_DAYS, ASKED_FROM } from "./large-feed.ts";

const RANGE = { start: ASKED_FROM, end: ASKED_FROM + ASKED_DAYS * 24 * 60 * 60_000 };

let feed = new Uint8Array();

const WORKS: Readonly<Record<FeedWork, () => number>> = {
  nothing: () => 0,
  lines: () => new TextDecoder().decode(feed).split("\r\n").length,
  "ical.js": () => (ICAL.parse(new TextDecoder().decode(feed)) as unknown[]).length,
  product: () => {
    const reading = readBusyPeriods(feed, { range: RANGE, hostZone: "Europe/Berlin" });
    return reading.ok ? reading.busy.length : 0;
  },
};

export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method === "PUT") {
      feed = new Uint8Array(await request.arrayBuffer());
      return new Response();
    }
    const work = new URL(request.url).pathname.slice(1) as FeedWork;
    return Response.json(WORKS[work]());
  },
};
