import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startCheckedGoogle } from "./support/checked-google.ts";
import type { CheckedGoogle } from "./support/checked-google.ts";
import { CLIENT, call, signIn } from "./support/visitor.ts";

const ALICE = "alice@gmail.example";

interface List {
  readonly items: readonly { readonly id: string; readonly deleted?: boolean; readonly hidden?: boolean }[];
  readonly nextPageToken?: string;
  readonly nextSyncToken?: string;
}

let google: CheckedGoogle;
let accessToken: string;

beforeAll(async () => {
  google = await startCheckedGoogle();
  google.seed({
    clients: [CLIENT],
    accounts: [{ email: ALICE, timeZone: "Europe/Berlin" }, { email: "bob@gmail.example" }],
    calendars: [
      { id: "team", summary: "Team", owner: ALICE },
      { id: "holidays", summary: "Holidays", isPublic: true },
      { id: "archive", summary: "Archive", owner: ALICE },
    ],
    listings: [
      { account: ALICE, calendar: "holidays" },
      { account: ALICE, calendar: "bob@gmail.example", accessRole: "freeBusyReader", summaryOverride: "Bob" },
      { account: ALICE, calendar: "archive", accessRole: "owner", isHidden: true },
    ],
  });
  accessToken = (await signIn(google, ALICE, "calendar.calendarlist.readonly")).access_token;
});
afterAll(async () => {
  await google.stop();
  expect(google.problems).toEqual([]);
});

async function list(query = ""): Promise<List> {
  return (await call(google, accessToken, `GET /users/me/calendarList${query}`)).body as List;
}
const idsOf = ({ items }: List): string[] => items.map(({ id }) => id);

describe("the calendars of an account", () => {
  it("are its own and those it subscribed to, with what it may do there", async () => {
    expect(await list()).toMatchObject({
      kind: "calendar#calendarList",
      items: [
        { id: ALICE, primary: true, accessRole: "owner", timeZone: "Europe/Berlin" },
        { id: "team", summary: "Team", accessRole: "owner", dataOwner: ALICE },
        { id: "holidays", accessRole: "reader" },
        { id: "bob@gmail.example", summaryOverride: "Bob", accessRole: "freeBusyReader" },
      ],
    });
  });

  it("are filtered by role, and shown when hidden on request", async () => {
    expect(idsOf(await list("?minAccessRole=reader"))).toEqual([ALICE, "team", "holidays"]);
    expect(idsOf(await list("?minAccessRole=writer&showHidden=true"))).toEqual([ALICE, "team", "archive"]);
    expect((await call(google, accessToken, "GET /users/me/calendarList?minAccessRole=king")).status).toBe(
      400,
    );
  });

  it("come in pages, with a sync token on the last one only", async () => {
    const first = await list("?maxResults=3");
    expect(first.items).toHaveLength(3);
    expect(first.nextSyncToken).toBeUndefined();
    const second = await list(`?maxResults=3&pageToken=${first.nextPageToken}`);
    expect(idsOf(second)).toEqual(["bob@gmail.example"]);
    expect(second.nextPageToken).toBeUndefined();
    expect(second.nextSyncToken).toBeTypeOf("string");
    const other = await call(
      google,
      accessToken,
      `GET /users/me/calendarList?showHidden=true&pageToken=${first.nextPageToken}`,
    );
    expect(other.body).toMatchObject({ error: { errors: [{ reason: "invalid", location: "pageToken" }] } });
  });

  it("are told as changes by a sync token, removed ones too, until that is no longer valid", async () => {
    const { nextSyncToken } = await list();
    expect((await list(`?syncToken=${nextSyncToken}`)).items).toEqual([]);
    google.seed({ listings: [{ account: ALICE, calendar: "holidays", isDeleted: true }] });
    expect((await list(`?syncToken=${nextSyncToken}`)).items).toMatchObject([
      { id: "holidays", deleted: true },
    ]);
    expect(idsOf(await list())).not.toContain("holidays");
    const mixed = await call(
      google,
      accessToken,
      `GET /users/me/calendarList?syncToken=${nextSyncToken}&minAccessRole=owner`,
    );
    expect(mixed.status).toBe(400);
    google.expireSyncTokens();
    const late = await call(google, accessToken, `GET /users/me/calendarList?syncToken=${nextSyncToken}`);
    expect(late.status).toBe(410);
    expect(late.body).toMatchObject({ error: { errors: [{ reason: "fullSyncRequired" }] } });
  });

  it("can be asked for one by one", async () => {
    const one = await call(google, accessToken, "GET /users/me/calendarList/primary");
    expect(one.body).toMatchObject({ id: ALICE, primary: true });
    expect((await call(google, accessToken, "GET /users/me/calendarList/nowhere")).status).toBe(404);
  });

  it("are cut down to the fields that are asked for", async () => {
    expect(await list("?maxResults=1&minAccessRole=owner&fields=kind,items(id,primary)")).toEqual({
      kind: "calendar#calendarList",
      items: [{ id: ALICE, primary: true }],
    });
    expect((await call(google, accessToken, "GET /users/me/calendarList?fields=items(id")).status).toBe(400);
  });

  it("are more once a client makes one", async () => {
    const { access_token } = await signIn(google, ALICE, "calendar.app.created");
    const made = await call(google, access_token, "POST /calendars", { summary: "Bookings" });
    const { id } = made.body as { id: string };
    expect(idsOf(await list())).toContain(id);
    expect((await call(google, access_token, `GET /calendars/${id}`)).body).toMatchObject({
      summary: "Bookings",
    });
    expect((await call(google, access_token, "GET /calendars/team")).status).toBe(404);
  });
});
