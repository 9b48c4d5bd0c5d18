import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { invitation } from "../../../adapters/ics/invitation.ts";
import type { InvitationContext, InvitedPerson } from "../../../adapters/ics/invitation.ts";
import type { Booking } from "../../../scheduling/booking.ts";
import { BOOKING } from "./booking.ts";
import { cleanedText, expectLinesAsTheyMustBe, hostileText, oddAddress } from "./hostile.ts";
import { readWithIcalJs, readWithVobject } from "./other-readers.ts";
import type { ReadCalendar, ReadProperty } from "./other-readers.ts";

const HOST: InvitedPerson = {
  role: "host",
  address: "alice@host.example",
  name: "Alice Ärmel",
  partstat: "ACCEPTED",
};
const BOOKER: InvitedPerson = {
  role: "booker",
  address: "bob@private.example",
  name: 'Bob, the "Builder"',
  partstat: "NEEDS-ACTION",
};
const CONTEXT: InvitationContext = {
  method: "REQUEST",
  publicUrl: "https://cal.example",
  organizerAddress: "b-7f3a@invites.cal.example",
  attendees: [HOST, BOOKER],
  now: Date.UTC(2026, 10, 22, 12),
};
const CANCELLED: Booking = {
  ...BOOKING,
  sequence: 2,
  status: "cancelled",
  cancelledAt: 1,
  cancelledBy: "host",
};

function made(booking: Booking, context: InvitationContext = CONTEXT): string {
  const text = invitation(booking, context);
  if (text === undefined) {
    throw new Error("no invitation");
  }
  return text;
}

function all(calendar: ReadCalendar, name: string): ReadProperty[] {
  return calendar.events[0]!.filter((property) => property.name === name);
}

function one(calendar: ReadCalendar, name: string): ReadProperty {
  const [property, ...more] = all(calendar, name);
  expect(more).toEqual([]);
  return property!;
}

/** Both implementations, which must agree on what is asked of each. */
function both(text: string): [string, ReadCalendar][] {
  return [
    ["ical.js", readWithIcalJs(text)],
    ["vobject", readWithVobject([text])[0]!],
  ];
}

describe("an invitation", () => {
  it.each<[string, Booking, InvitationContext]>([
    ["request", BOOKING, CONTEXT],
    ["cancel", CANCELLED, { ...CONTEXT, method: "CANCEL" }],
  ])("is the golden one, to the byte: %s", (name, booking, context) => {
    const golden = join(import.meta.dirname, `golden/${name}.ics`);
    expect(made(booking, context)).toBe(readFileSync(golden, "utf8"));
  });

  it("asks the booker, says that the host comes, and has the broker as its organizer", () => {
    for (const [reader, calendar] of both(made(BOOKING))) {
      expect(calendar.properties.find(({ name }) => name === "METHOD")?.value, reader).toBe("REQUEST");
      expect(all(calendar, "ATTENDEE"), reader).toEqual([
        {
          name: "ATTENDEE",
          value: "mailto:alice@host.example",
          parameters: { ROLE: "REQ-PARTICIPANT", PARTSTAT: "ACCEPTED", CN: "Alice Ärmel" },
        },
        {
          name: "ATTENDEE",
          value: "mailto:bob@private.example",
          parameters: {
            RSVP: "TRUE",
            ROLE: "REQ-PARTICIPANT",
            PARTSTAT: "NEEDS-ACTION",
            CN: "Bob, the 'Builder'",
          },
        },
      ]);
      expect(one(calendar, "ORGANIZER"), reader).toEqual({
        name: "ORGANIZER",
        value: "mailto:b-7f3a@invites.cal.example",
        parameters: { CN: "Alice Ärmel via atproto Cal" },
      });
      expect(one(calendar, "STATUS").value).toBe("CONFIRMED");
      expect(one(calendar, "DTSTART").value).toBe("20261201T090000Z");
      expect(one(calendar, "DTEND").value).toBe("20261201T093000Z");
      expect(one(calendar, "DTSTAMP").value).toBe("20261122T120000Z");
      expect(one(calendar, "SEQUENCE").value).toBe("1");
      expect(one(calendar, "UID").value).toBe(`${BOOKING.uid}@cal.example`);
      expect(one(calendar, "SUMMARY").value).toBe("Intro call: @bob.test with @alice.test");
      expect(one(calendar, "LOCATION").value).toBe("https://meet.example/room?a=1;b=2,c");
      expect(one(calendar, "URL").value).toBe(`https://cal.example/bookings/${BOOKING.uid}`);
    }
  });

  it("that is taken back is the same event, cancelled, with everybody in it and nobody asked", () => {
    const request = readWithIcalJs(made(BOOKING));
    for (const [reader, cancel] of both(made(CANCELLED, { ...CONTEXT, method: "CANCEL" }))) {
      expect(cancel.properties.find(({ name }) => name === "METHOD")?.value, reader).toBe("CANCEL");
      expect(one(cancel, "STATUS").value).toBe("CANCELLED");
      expect(one(cancel, "SEQUENCE").value).toBe("2");
      for (const name of ["UID", "ORGANIZER"]) {
        expect(one(cancel, name)).toEqual(one(request, name));
      }
      expect(all(cancel, "ATTENDEE").map(({ value }) => value)).toEqual(
        all(request, "ATTENDEE").map(({ value }) => value),
      );
      expect(all(cancel, "ATTENDEE").some(({ parameters }) => "RSVP" in parameters)).toBe(false);
    }
  });

  it("to a booking that waits for its host is tentative", () => {
    const calendar = readWithIcalJs(made({ ...BOOKING, status: "pending" }));
    expect(one(calendar, "STATUS").value).toBe("TENTATIVE");
  });

  it("is written without quotation marks around words that need none", () => {
    expect(made(BOOKING)).toContain("ATTENDEE;RSVP=TRUE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;CN=");
  });

  it("names people without a name by their handle or their address", () => {
    const attendees = [
      { ...HOST, name: "" },
      { ...BOOKER, name: "\r\n\u202e" },
    ];
    const calendar = readWithIcalJs(made(BOOKING, { ...CONTEXT, attendees }));
    expect(one(calendar, "ORGANIZER").parameters).toEqual({ CN: "@alice.test via atproto Cal" });
    expect(all(calendar, "ATTENDEE")[1]!.parameters["CN"]).toBe("bob@private.example");
  });

  it.each([
    "",
    "bob",
    "bob@localhost",
    "bob@private.example\r\nX-A:1",
    "bob@private.example;CN=x",
    "bob@private.example?subject=x",
    '"bob"@private.example',
    "bob@[127.0.0.1]",
    "b ob@private.example",
    "bob@bob@private.example",
    ".bob@private.example",
    "bob@private..example",
    "bob@-private.example",
    "böb@private.example",
    "\ud83d@private.example",
    `${"b".repeat(65)}@private.example`,
    `bob@${"private.".repeat(40)}example`,
  ])("is not made for what is no address: %j", (address) => {
    expect(invitation(BOOKING, { ...CONTEXT, organizerAddress: address })).toBeUndefined();
    expect(invitation(BOOKING, { ...CONTEXT, attendees: [HOST, { ...BOOKER, address }] })).toBeUndefined();
  });

  it("is told nothing but texts by its texts, whatever they hold", { timeout: 60_000 }, () => {
    const texts: { text: string; expected: Expected }[] = [];
    fc.assert(
      fc.property(
        fc.record({ title: hostileText, note: hostileText, place: hostileText, handle: hostileText }),
        fc.record({ host: hostileText, booker: hostileText, address: oddAddress, organizer: oddAddress }),
        fc.constantFrom("REQUEST" as const, "CANCEL" as const),
        ({ title, note, place, handle }, { host, booker, address, organizer }, method) => {
          const booking: Booking = {
            ...BOOKING,
            meetingType: { rkey: "intro", title: `T${title}` },
            note: `N${note}`,
            host: { did: "did:plc:alice", handle },
            location: { kind: "text", text: `L${place}` },
          };
          const text = made(booking, {
            ...CONTEXT,
            method,
            organizerAddress: organizer,
            attendees: [
              { ...HOST, name: `H${host}` },
              { ...BOOKER, name: `B${booker}`, address },
            ],
          });
          const expected: Expected = {
            method,
            summary: cleanedText(`T${title}: @bob.test with @${handle}`),
            description: cleanedText(`N${note}\n\nhttps://cal.example/bookings/${BOOKING.uid}`),
            location: cleanedText(`L${place}`),
            host: cleanedName(`H${host}`),
            booker: cleanedName(`B${booker}`),
            address,
            organizer,
          };
          expectLinesAsTheyMustBe(text);
          expectRead(readWithIcalJs(text), expected);
          texts.push({ text, expected });
        },
      ),
      { numRuns: 200 },
    );
    const calendars = readWithVobject(texts.map(({ text }) => text));
    for (const [at, { expected }] of texts.entries()) {
      expectRead(calendars[at]!, expected);
    }
  });
});

interface Expected {
  readonly method: "REQUEST" | "CANCEL";
  readonly summary: string;
  readonly description: string;
  readonly location: string;
  readonly host: string;
  readonly booker: string;
  readonly address: string;
  readonly organizer: string;
}

function expectRead(calendar: ReadCalendar, expected: Expected): void {
  expect(calendar.properties.map(({ name }) => name).toSorted()).toEqual([
    "CALSCALE",
    "METHOD",
    "PRODID",
    "VERSION",
  ]);
  expect(calendar.properties.find(({ name }) => name === "METHOD")?.value).toBe(expected.method);
  expect(calendar.events).toHaveLength(1);
  expect(calendar.others).toBe(0);
  expect(calendar.events[0]!.map(({ name }) => name).toSorted()).toEqual([
    "ATTENDEE",
    "ATTENDEE",
    "DESCRIPTION",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "LOCATION",
    "ORGANIZER",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "UID",
    "URL",
  ]);
  expect(one(calendar, "SUMMARY").value).toBe(expected.summary);
  expect(one(calendar, "DESCRIPTION").value).toBe(expected.description);
  expect(one(calendar, "LOCATION").value).toBe(expected.location);
  const [host, booker] = all(calendar, "ATTENDEE");
  expect(host!.parameters).toEqual({
    ROLE: "REQ-PARTICIPANT",
    PARTSTAT: "ACCEPTED",
    CN: expected.host,
  });
  expect(booker!.parameters).toEqual({
    ...(expected.method === "REQUEST" && { RSVP: "TRUE" }),
    ROLE: "REQ-PARTICIPANT",
    PARTSTAT: "NEEDS-ACTION",
    CN: expected.booker,
  });
  expect(decodeURIComponent(booker!.value)).toBe(`mailto:${expected.address}`);
  const organizer = one(calendar, "ORGANIZER");
  expect(organizer.parameters).toEqual({ CN: `${expected.host} via atproto Cal` });
  expect(decodeURIComponent(organizer.value)).toBe(`mailto:${expected.organizer}`);
}

/** What a name is allowed to become: one line without what could end a parameter, be read as an escape, or turn the line around. */
function cleanedName(name: string): string {
  return name
    .replaceAll(/[\t\n\r]+/g, " ")
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\\;:]/g, "")
    .replaceAll('"', "'")
    .replaceAll(/\^(?=[\^n'])/g, "")
    .slice(0, 200)
    .toWellFormed()
    .trim();
}
