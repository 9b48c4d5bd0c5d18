/** Bookings as strangers would write them to get something of their own into a letter. */

import * as fc from "fast-check";
import type { BookingNews } from "../../../../scheduling/booking-mail.ts";
import type { Booking } from "../../../../scheduling/booking.ts";
import { hostileText } from "../../ics/hostile.ts";
import { STORIES } from "./every-letter.ts";

const MARKUP = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"><a href="https://evil.example">here</a>',
  "' onmouseover='x",
  "</td></tr></table>",
  "</blockquote>",
  "</title>",
  "<!--",
  "-->",
  "<![CDATA[",
  "<style>*{display:none}",
  "&lt;b&gt;",
  "&amp;",
  "&#x202e;",
  "javascript:alert(1)",
  "https://evil.example/",
  "\n\n-- \n",
  "\nCancel:\nhttps://evil.example/\n",
  "> ",
];

const text = fc.oneof(
  hostileText,
  fc.array(fc.oneof(hostileText, fc.constantFrom(...MARKUP)), { maxLength: 6 }).map((all) => all.join("")),
);

export interface Hostile {
  readonly title: string;
  readonly note: string;
  readonly reason: string;
  readonly host: string;
  readonly booker: string;
  readonly place: string;
}

const hostile = fc.record({
  title: text,
  note: text,
  reason: text,
  host: text,
  booker: text,
  place: text,
});

/** A story, the same with texts of strangers, and those. */
export const hostileStory: fc.Arbitrary<{
  readonly tame: Booking;
  readonly booking: Booking;
  readonly news: BookingNews;
  readonly to: "host" | "booker";
  readonly texts: Hostile;
}> = fc
  .record({
    story: fc.constantFrom(...STORIES),
    texts: hostile,
    // Absent: a place in words.
    beginning: fc.option(fc.constantFrom("https://meet.example/", "https://", "javascript:", ""), {
      nil: undefined,
    }),
    to: fc.constantFrom("host", "booker"),
  })
  .map(({ story: { booking: tame, news }, texts, beginning, to }) => ({
    tame,
    booking: {
      ...tame,
      meetingType: { rkey: "intro", title: `T${texts.title}` },
      note: `N${texts.note}`,
      ...(tame.reason !== undefined && { reason: `R${texts.reason}` }),
      host: { ...tame.host, handle: texts.host },
      booker: { ...tame.booker, handle: texts.booker },
      location:
        beginning === undefined
          ? { kind: "text", text: `L${texts.place}` }
          : { kind: "link", uri: beginning + texts.place },
    },
    news,
    to,
    texts,
  }));
