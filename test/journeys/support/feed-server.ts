/** A plain HTTP server with one .ics file, as a calendar program would publish it. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface FeedServer {
  readonly url: string;
  /** From now on there is an event of an hour at each of these instants (RFC 3339), or this status and body. */
  publishes(content: readonly string[] | { readonly status: number; readonly body: string }): void;
  stop(): Promise<void>;
}

export async function startFeedServer(): Promise<FeedServer> {
  let status = 200;
  let body = calendarOf([]);
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "text/calendar; charset=utf-8" });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/private-2e1f/basic.ics`,
    publishes(content) {
      status = "status" in content ? content.status : 200;
      body = "status" in content ? content.body : calendarOf(content);
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function calendarOf(starts: readonly string[]): string {
  const stamp = (at: number): string => new Date(at).toISOString().replaceAll(/[-:]|\.000/g, "");
  const events = starts.flatMap((start, index) => [
    "BEGIN:VEVENT",
    `UID:event-${index}@feed.test`,
    `DTSTAMP:${stamp(Date.now() - (Date.now() % 1000))}`,
    `DTSTART:${stamp(Date.parse(start))}`,
    "DURATION:PT1H",
    "SUMMARY:Something private",
    "END:VEVENT",
  ]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//feed//EN", ...events, "END:VCALENDAR", ""].join(
    "\r\n",
  );
}
