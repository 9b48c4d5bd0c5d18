import * as fc from "fast-check";
import { expect, it } from "vitest";
import { bookingLetter } from "../../../../adapters/mail/letters/booking-letter.ts";
import type { Booking } from "../../../../scheduling/booking.ts";
import { BERLIN, CONTEXT, PUBLIC_URL } from "./every-letter.ts";
import { hostileStory } from "./hostile-letters.ts";
import { withoutSpace, wordsOfHtml } from "./read-back.ts";

const LABELS = /^(What|Who|With|When|Before|Length|Where|Answer by): +[^ ]|^ {6,}[^ ]/;
/** Controls but tabs and line feeds, line separators, overrides of direction. */
const UNSAFE = /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufeff]/u;

it("a subject is one line of at most 120 characters, whatever is in it", () => {
  fc.assert(
    fc.property(hostileStory, ({ booking, news, to }) => {
      const { subject } = bookingLetter(booking, news, to, BERLIN, CONTEXT);
      expect(subject).not.toMatch(/[\t\n]/);
      expect(subject).not.toMatch(UNSAFE);
      expect(subject.isWellFormed()).toBe(true);
      expect(Array.from(subject).length).toBeLessThanOrEqual(120);
      expect(subject).toMatch(/, Tue 1 Dec, 10:00 \(Europe\/Berlin\)$/);
    }),
    { numRuns: 300 },
  );
});

it("notes and reasons change nothing in the text but its quoted lines", () => {
  const unquoted = (text: string): string => text.replaceAll(/^> .*\n/gm, "");
  fc.assert(
    fc.property(hostileStory, ({ tame, booking, news, to }) => {
      const { note, reason } = booking;
      const noted: Booking = { ...tame, ...(note && { note }), ...(reason && { reason }) };
      const expected = bookingLetter(tame, news, to, BERLIN, CONTEXT);
      const { text } = bookingLetter(noted, news, to, BERLIN, CONTEXT);
      expect(unquoted(text)).toBe(unquoted(expected.text));
    }),
    { numRuns: 300 },
  );
});

it("names, titles and places stay in the lines that are theirs", () => {
  fc.assert(
    fc.property(hostileStory, ({ tame, booking, news, to }) => {
      const { text } = bookingLetter(booking, news, to, BERLIN, CONTEXT);
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toMatch(UNSAFE);
      const blocks = text.split("\n\n");
      expect(blocks).toHaveLength(bookingLetter(tame, news, to, BERLIN, CONTEXT).text.split("\n\n").length);
      expect(blocks[1]!.split("\n").filter((line) => !LABELS.test(line))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it("HTML read by another program shows the texts as they were typed", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(hostileStory, async ({ booking, news, to }) => {
      const { html } = bookingLetter(booking, news, to, BERLIN, CONTEXT);
      // That program marks each line of a quotation.
      const words = (await wordsOfHtml(html)).replaceAll(">", "");
      const { meetingType, note, location, [to === "host" ? "booker" : "host"]: other } = booking;
      const shown = [meetingType.title, note, booking.reason, `@${other.handle}`];
      for (const text of location?.kind === "text" ? [...shown, location.text] : shown) {
        expect(words).toContain(asTyped(text ?? ""));
      }
    }),
    { numRuns: 200 },
  );
});

it("every link in HTML is one of ours or the place, and leads to the web", () => {
  fc.assert(
    fc.property(hostileStory, ({ booking, news, to }) => {
      const { html } = bookingLetter(booking, news, to, BERLIN, CONTEXT);
      const addresses = [...html.matchAll(/<[^>]*\shref\s*=\s*"?([^">\s]*)/gi)].map(([, href = ""]) => href);
      const foreign = addresses.filter((href) => !href.startsWith(`${PUBLIC_URL}/`));
      const uri = booking.location?.kind === "link" ? booking.location.uri : "";
      expect(foreign.length).toBeLessThanOrEqual(URL.canParse(uri) ? 1 : 0);
      expect(foreign.filter((href) => !/^https?:\/\//.test(href))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

/** As much as every letter shows of a text, without what may be cleaned away. */
function asTyped(text: string): string {
  const beginning = Array.from(text).slice(0, 250).join("").toWellFormed();
  const kept = beginning.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufeff]/gu, "");
  return withoutSpace(kept).replaceAll(">", "");
}
