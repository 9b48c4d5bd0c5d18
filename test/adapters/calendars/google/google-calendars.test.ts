import { afterEach, expect, it } from "vitest";

import { READ_SCOPES } from "../../../../adapters/calendars/google/google-access.ts";
import { findGoogleCalendars } from "../../../../adapters/calendars/google/google-calendars.ts";
import type { Access, FoundCalendar } from "../../../../adapters/calendars/source.ts";
import { accessUntil, NOW, startScriptedGoogle } from "./scripted-google.ts";
import type { ScriptedGoogle } from "./scripted-google.ts";

let google: ScriptedGoogle | undefined;
afterEach(async () => {
  await google?.stop();
  google = undefined;
});

async function found(
  items: readonly object[],
  access: Access = accessUntil(),
): Promise<readonly FoundCalendar[]> {
  google = await startScriptedGoogle(() => ({ body: { kind: "calendar#calendarList", items } }));
  const answer = await findGoogleCalendars(access, google.settings, NOW);
  await google.stop();
  return answer.kind === "found" ? answer.calendars : [];
}

const cases: readonly (readonly [string, object, boolean, boolean])[] = [
  ["the primary one", { id: "me@x.example", primary: true, accessRole: "owner" }, true, true],
  ["another one of one's own", { id: "c1@group.calendar.google.com", accessRole: "owner" }, true, true],
  ["one that others let one write into", { id: "team@x.example", accessRole: "writer" }, false, false],
  ["one that others show", { id: "boss@x.example", accessRole: "reader" }, false, false],
  [
    "one of which others show when it is busy",
    { id: "boss@x.example", accessRole: "freeBusyReader" },
    false,
    false,
  ],
  ["holidays", { id: "en.german#holiday@group.v.calendar.google.com", accessRole: "reader" }, false, false],
  [
    "birthdays",
    { id: "addressbook#contacts@group.v.calendar.google.com", accessRole: "owner" },
    false,
    false,
  ],
  ["one without a role", { id: "x" }, false, false],
];
it.each(cases)("whether people are busy in it, and may write: %s", async (_, item, isOwn, isWritable) => {
  expect(await found([{ summary: "A", ...item }])).toMatchObject([{ isOwn, isWritable }]);
});

it("nothing can be written into where that was not consented to", async () => {
  const item = { id: "me@x.example", primary: true, accessRole: "owner" };
  const access = accessUntil(undefined, [...READ_SCOPES]);
  expect(await found([item], access)).toMatchObject([{ isOwn: true, isWritable: false }]);
});

it("a calendar has the name that its host gave it, on one line, within 200 characters", async () => {
  const names = [
    { id: "1", summary: "Work", summaryOverride: "My work" },
    { id: "2", summary: "Work\r\nat\u202Ehome\u0000" },
    { id: "3", summary: `${"x".repeat(199)}😀` },
    { id: "4", summary: "Work", summaryOverride: "\n" },
    { id: "nameless@x.example" },
  ];
  expect((await found(names)).map(({ ref, name }) => [ref, name])).toEqual([
    ["1", "My work"],
    ["2", "Work athome"],
    ["3", `${"x".repeat(199)}\uFFFD`],
    ["4", "Work"],
    ["nameless@x.example", "nameless@x.example"],
  ]);
});

it("one that was removed from the list is not in it", async () => {
  expect(await found([{ id: "1", deleted: true }])).toEqual([]);
});

it("all pages are read, and a list that does not end is", async () => {
  google = await startScriptedGoogle(({ path }) => {
    const page = new URL(path, "http://x").searchParams.get("pageToken") ?? "1";
    return { body: { items: [{ id: `c${page}` }], nextPageToken: `${Number(page) + 1}` } };
  });
  const answer = await findGoogleCalendars(accessUntil(), google.settings, NOW);
  expect(answer).toMatchObject({
    kind: "found",
    calendars: [{ ref: "c1" }, { ref: "c2" }, { ref: "c3" }, { ref: "c4" }],
  });
  expect(google.asked.map(({ path }) => path)).toEqual([
    "/calendar/v3/users/me/calendarList?maxResults=250",
    "/calendar/v3/users/me/calendarList?maxResults=250&pageToken=2",
    "/calendar/v3/users/me/calendarList?maxResults=250&pageToken=3",
    "/calendar/v3/users/me/calendarList?maxResults=250&pageToken=4",
  ]);
});

it("a failure on a later page is one of the whole list", async () => {
  google = await startScriptedGoogle(({ path }) =>
    path.includes("pageToken") ? { status: 500 } : { body: { items: [], nextPageToken: "2" } },
  );
  expect(await findGoogleCalendars(accessUntil(), google.settings, NOW)).toEqual({
    kind: "failed",
    problem: "server-error",
  });
});
