import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bookingLetter } from "../../../../adapters/mail/letters/booking-letter.ts";
import type { Letter } from "../../../../adapters/mail/letters/letter.ts";
import { BOOKING } from "../../ics/booking.ts";
import {
  BERLIN,
  CONTEXT,
  PENDING,
  PUBLIC_URL,
  STORIES,
  UNSUBSCRIBE_URL,
  everyLetter,
} from "./every-letter.ts";
import { withoutSpace, wordsOfHtml } from "./read-back.ts";

const LETTERS = everyLetter();
const PAGE = `${PUBLIC_URL}/bookings/${BOOKING.uid}`;
/** HTML is golden where all kinds of parts occur; the others are made of the same. */
const GOLDEN_HTML = new Set(["requested.host", "declined.booker", "reminder-a-day-before.booker", "address"]);

function letterNamed(name: string): Letter {
  return LETTERS.find((each) => each.name === name)!.letter;
}

/** The text has them after labels, where the HTML has a cell of their own. */
function withoutColons(text: string): string {
  return text.replaceAll(":", "");
}

/** Hrefs of the HTML, by the label in the link. */
function linksOf({ html }: Letter): Record<string, string> {
  const found = html.matchAll(/<a\s+href="([^"]*)"[^>]*>([^<]*)<\/a>/g);
  return Object.fromEntries([...found].map(([, href = "", label = ""]) => [label, href]));
}

describe("a letter", () => {
  it.each(LETTERS)("is the golden one, to the byte: $name", async ({ name, letter }) => {
    const golden = join(import.meta.dirname, "golden", name);
    await expect(`Subject: ${letter.subject}\n\n${letter.text}`).toMatchFileSnapshot(`${golden}.txt`);
    if (GOLDEN_HTML.has(name)) await expect(letter.html).toMatchFileSnapshot(`${golden}.html`);
  });

  it.each(LETTERS)(
    "says the same as HTML, read by another program, as it does as text: $name",
    async ({ letter }) => {
      // It reads headings aloud.
      const words = withoutColons((await wordsOfHtml(letter.html)).toLowerCase());
      for (const line of letter.text.split("\n").filter((each) => each !== "-- ")) {
        const said = withoutSpace(line.replace(/^> /, ""));
        expect(words).toContain(withoutColons(said.toLowerCase()));
      }
    },
  );

  it.each(LETTERS)("has lines of at most 78 characters, but for addresses: $name", ({ letter }) => {
    const long = letter.text.split("\n").filter((line) => line.length > 78 && !/https?:\/\/\S+$/.test(line));
    expect(long).toEqual([]);
  });

  it.each(LETTERS)("asks for nothing from anywhere and runs nothing: $name", ({ letter }) => {
    expect(letter.html).not.toMatch(
      /<(img|link|script|style|iframe|object|form|base)|\bsrc=|url\(|\son\w+=/i,
    );
  });
});

describe("a letter's subject", () => {
  it.each(LETTERS)("tells the news early and is not longer than 120 characters: $name", ({ letter }) => {
    expect(letter.subject.length).toBeLessThanOrEqual(120);
    expect(letter.subject.slice(0, 40)).toMatch(
      /^(Request|Asked|Confirmed|Declined|Cancelled|Moved|Moved, please answer|Expired|Invitation|Tomorrow|In an hour): |^Is this your address\?/,
    );
  });

  it("names the meeting, the other person and the time in the reader's zone", () => {
    expect(letterNamed("confirmed.host").subject).toBe(
      "Confirmed: Intro call with @bob.test, Tue 1 Dec, 10:00 (Europe/Berlin)",
    );
    expect(letterNamed("confirmed.booker").subject).toBe(
      "Confirmed: Intro call with @alice.test, Tue 1 Dec, 4:00 am (America/New_York)",
    );
  });

  it("shortens names so that news and time remain", () => {
    const title = "A talk about everything that has ever happened anywhere ".repeat(3);
    const handle = `${"long-name.".repeat(20)}example`;
    const booking = {
      ...PENDING,
      meetingType: { rkey: "intro", title },
      booker: { did: "did:plc:bob", handle },
    };
    const reader = { ...BERLIN, timeZone: "America/Argentina/ComodRivadavia", hourCycle: "h12" } as const;
    const { subject } = bookingLetter(booking, { kind: "rescheduled" }, "host", reader, CONTEXT);
    expect(subject).toBe(
      "Moved, please answer: A talk about… with @long-name.long-name.lo…, Tue 1 Dec, 6:00 am (America/Argentina/ComodRivadavia)",
    );
    expect(subject.length).toBeLessThanOrEqual(120);
  });
});

describe("a letter's links", () => {
  const STANDING = {
    "Open the booking": PAGE,
    "Add to calendar": `${PUBLIC_URL}/api/bookings/${BOOKING.uid}.ics`,
    Reschedule: `${PAGE}#reschedule`,
    Cancel: `${PAGE}#cancel`,
    "https://meet.example/room?a=1;b=2,c": "https://meet.example/room?a=1;b=2,c",
  };
  const ENDED = { "Open the booking": PAGE };
  const WHERE = "https://meet.example/room?a=1;b=2,c";

  it("let the host answer what is pending, first of all", () => {
    const links = linksOf(letterNamed("requested.host"));
    expect(links).toEqual({ Answer: `${PAGE}#answer`, ...STANDING });
    expect(Object.keys(links).filter((label) => label !== WHERE)[0]).toBe("Answer");
    expect(linksOf(letterNamed("rescheduled-to-be-answered.host"))["Answer"]).toBe(`${PAGE}#answer`);
  });

  it("lead whoever does not have to answer to what they can do", () => {
    for (const name of ["requested.booker", "confirmed.host", "confirmed.booker", "invitation.booker"]) {
      expect(linksOf(letterNamed(name)), name).toEqual(STANDING);
    }
  });

  it("let the booker of what has ended book another time, and change nothing", () => {
    const again = { "Book another time": `${PUBLIC_URL}/book/alice.test` };
    for (const name of ["declined", "cancelled-by-host", "cancelled-by-booker", "expired"]) {
      expect(linksOf(letterNamed(`${name}.booker`)), name).toEqual({ ...again, ...ENDED, [WHERE]: WHERE });
      expect(linksOf(letterNamed(`${name}.host`)), name).toEqual({ ...ENDED, [WHERE]: WHERE });
    }
  });

  it("of a host whose handle is not known to be theirs lead to their DID, and name it", () => {
    const booking = {
      ...BOOKING,
      status: "cancelled" as const,
      host: { did: "did:plc:alice", handle: "handle.invalid" },
    };
    const letter = bookingLetter(booking, { kind: "cancelled" }, "booker", BERLIN, CONTEXT);
    expect(linksOf(letter)["Book another time"]).toBe(`${PUBLIC_URL}/book/did%3Aplc%3Aalice`);
    expect(letter.text).toContain("Intro call with did:plc:alice was cancelled");
    expect(letter.text).not.toContain("handle.invalid");
  });

  it("unsubscribe from what nobody needs, in text and HTML", () => {
    const letter = letterNamed("reminder-a-day-before.host");
    expect(linksOf(letter)["No reminders by mail any more"]).toBe(UNSUBSCRIBE_URL);
    expect(letter.text).toContain(UNSUBSCRIBE_URL);
    for (const { name, letter: each } of LETTERS.filter((one) => !one.name.startsWith("reminder"))) {
      expect(each.text + each.html, name).not.toContain("unsubscribe");
    }
  });

  it.each([
    ["javascript:alert(1)", undefined],
    ["data:text/html,<script>alert(1)</script>", undefined],
    ["tel:+49301234567", undefined],
    ["//meet.example/room", undefined],
    ["java\nscript:alert(1)", undefined],
    ["https://meet.example/ü\" onclick='x'", "https://meet.example/%C3%BC%22%20onclick=%27x%27"],
    [`https://meet.example/${"x".repeat(7000)}`, undefined],
  ])("lead to a place on the web only: %j", (uri, href) => {
    const booking = { ...BOOKING, location: { kind: "link", uri } as const };
    const letter = bookingLetter(booking, { kind: "confirmed" }, "booker", BERLIN, CONTEXT);
    const places = Object.values(linksOf(letter)).filter((each) => !each.startsWith(PUBLIC_URL));
    expect(places.map((each) => each.replaceAll("&#39;", "'"))).toEqual(
      href === undefined ? [] : [href.replaceAll("%27", "'")],
    );
    expect(letter.html).not.toMatch(/href="(?!https?:)/);
  });
});

describe("a letter's words", () => {
  it("tell the time before a move in the letter about the move alone", () => {
    expect(letterNamed("rescheduled.host").text).toContain("Before: Saturday, 28 November 2026, 10:00–10:30");
    const moved = STORIES.find(({ name }) => name === "rescheduled")!.booking;
    const reminder = bookingLetter(moved, { kind: "reminder", lead: "day" }, "host", BERLIN, CONTEXT);
    expect(reminder.text).not.toContain("Before");
  });

  it("say who cancelled or moved, and nobody where it is not known", () => {
    const heading = (name: string): string => letterNamed(name).text.split("\n")[0]!;
    expect(heading("cancelled-by-host.host")).toBe("You cancelled Intro call with @bob.test");
    expect(heading("cancelled-by-host.booker")).toBe("@alice.test cancelled Intro call");
    expect(heading("rescheduled-to-be-answered.host")).toBe("@bob.test moved Intro call to another time");
    const { rescheduledBy: _by, ...moved } = STORIES.find(({ name }) => name === "rescheduled")!.booking;
    const letter = bookingLetter(moved, { kind: "rescheduled" }, "host", BERLIN, CONTEXT);
    expect(letter.text).toMatch(/^Intro call with @bob\.test was moved to another time\n/);
  });

  it.each([
    ["day", 24, "Tomorrow"],
    ["day", 9, "Today"],
    ["day", 50, "Reminder"],
    ["hour", 1, "In an hour"],
    ["hour", 0.5, "Soon"],
  ] as const)("of a reminder (%s) that is written %d hours before begin with %s", (lead, hours, word) => {
    const context = { ...CONTEXT, at: BOOKING.start - hours * 3_600_000 };
    const { subject } = bookingLetter(BOOKING, { kind: "reminder", lead }, "host", BERLIN, context);
    expect(subject).toMatch(new RegExp(`^${word}: `));
  });

  it("call what has no title a meeting", () => {
    const booking = { ...BOOKING, meetingType: { rkey: "intro", title: "\u202e\u0000 " } };
    const { subject } = bookingLetter(booking, { kind: "confirmed" }, "host", BERLIN, CONTEXT);
    expect(subject).toMatch(/^Confirmed: Meeting with @bob\.test, /);
  });

  it("of strangers have one empty line where they typed many", () => {
    const note = `First.${"\r\n \n".repeat(2_000)}Last.`;
    const { text } = bookingLetter({ ...PENDING, note }, { kind: "requested" }, "host", BERLIN, CONTEXT);
    expect(text).toContain("Their note:\n> First.\n> \n> Last.\n");
  });

  it("of strangers stand in quotation, line by line, and only so many of them", () => {
    const note = `Confirmed by atproto Cal.\r\n-- \u2028Pay at https://evil.example\n${"x".repeat(10_000)}`;
    const letter = bookingLetter({ ...PENDING, note }, { kind: "requested" }, "host", BERLIN, CONTEXT);
    const quoted = letter.text.split("\n").filter((line) => line.startsWith("> "));
    expect(quoted.slice(0, 3)).toEqual([
      "> Confirmed by atproto Cal.",
      "> -- ",
      "> Pay at https://evil.example",
    ]);
    expect(quoted).toHaveLength(4);
    expect(quoted[3]).toMatch(/^> x{2000,3000}…$/);
    expect(letter.text.match(/^Confirmed|^Pay|^-- $/gm)).toEqual(["-- "]);
    expect(/<blockquote[^>]*>([^]*)<\/blockquote>/.exec(letter.html)?.[1]).toMatch(
      /^\s*Confirmed by atproto Cal\.<br \/>-- <br \/>Pay at https:\/\/evil\.example<br \/>x{2000,3000}…\s*$/,
    );
  });
});
