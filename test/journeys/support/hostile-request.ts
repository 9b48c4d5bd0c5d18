/** Requests that mean no good: texts where others belong, broken bodies, made-up paths and headers. */

import type { Draw } from "../../authority-proof/draw.ts";
import { MARKS } from "./marked-calendars.ts";
import type { Mark } from "./marked-calendars.ts";
import type { WatchedBroker } from "./watched-broker.ts";

/** Whoever looks for somebody is told whom they looked for. */
const NAMES_SOMEBODY = /^GET .api.hosts.|^DELETE .api.holds.|^POST .api.(blocks|auth.login)$/;

/** One request that nobody who means well sends, with something private of somebody's in it. */
export async function sendHostile(broker: WatchedBroker, draw: Draw, cookie: string): Promise<void> {
  const [kind, mark] = draw.oneOfLatest(Object.entries(MARKS) as [Mark, string][]) ?? nothing();
  const path = encodeURIComponent(mark);
  const lines = [
    "POST /api/bookings",
    "POST /api/holds",
    "POST /api/calendar/connections",
    "POST /api/calendar/google",
    "POST /api/notifications/read",
    "POST /api/blocks",
    "PUT /api/settings",
    "POST /api/availability",
    "POST /api/meeting-types",
    "POST /api/auth/login",
    `PUT /api/calendar/connections/${path}`,
    `PUT /api/calendar/connections/${path}/access`,
    `POST /api/calendar/connections/${path}/refresh`,
    `POST /api/bookings/${path}/confirm`,
    `POST /api/bookings/${path}/reschedule`,
  ] as const;
  const bodies = [
    mark,
    `{"${mark}`,
    [mark],
    { [mark]: mark },
    { kind: mark, url: mark, username: mark, password: mark, label: "Spare" },
    { kind: "caldav", url: `http://10.0.0.1/${path}`, username: mark, password: mark, label: "Spare" },
    { kind: "feed", url: [mark], label: { [mark]: mark } },
    { host: mark, meetingType: mark, start: mark, requestId: mark, note: [mark], email: mark },
    { connectionId: mark, write: mark, ids: mark, actor: mark, timeZone: mark, onSilentCalendar: mark },
    { blocking: [mark], takesBookings: mark, start: mark, requestId: mark, reason: { [mark]: mark } },
  ];
  const headers = {
    "x-forwarded-for": "zq7",
    "user-agent": Buffer.from(mark)
      .toString("latin1")
      .replaceAll(/[^\x20-\x7e]/g, "?"),
  };
  if (draw.happens(0.3)) {
    const reads = [
      `GET /api/hosts/${path}`,
      `GET /api/hosts/${path}/slots?meetingType=${path}&from=${path}`,
      `GET /api/bookings/${path}`,
      `GET /api/bookings?role=${path}&cursor=${path}`,
      `GET /book/${path}`,
      `DELETE /api/holds/${path}?host=${path}`,
    ] as const;
    const line = draw.oneOfLatest(reads) ?? nothing();
    await broker.ask(line, {
      headers,
      mayShow: NAMES_SOMEBODY.test(line) ? [kind] : [],
      cookie: draw.happens(0.5) ? cookie : `atproto_cal=${path}`,
    });
    return;
  }
  const line = draw.oneOfLatest(lines) ?? nothing();
  await broker.ask(line, {
    cookie,
    headers,
    body: draw.oneOfLatest(bodies),
    mayShow: [
      ...(NAMES_SOMEBODY.test(line) ? [kind] : []),
      ...(line === "POST /api/calendar/google" ? (["address of calendars"] as const) : []),
    ],
  });
}

function nothing(): never {
  throw new Error("There is nothing to choose from.");
}
