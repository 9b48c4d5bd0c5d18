/** Alice, who has calendars at the stand-in for Google, and what she does there. */

import { startGoogle } from "../../../google/stand-in.ts";
import type { Google } from "../../../google/stand-in.ts";
import { decide } from "../../../google/support/visitor.ts";
import type { Told } from "../question.ts";
import type { Runtime } from "../runtimes.ts";
import type { GoogleQuestion } from "./google-question.ts";
import { NOW, settingsFor } from "./scripted-google.ts";

export const ALICE = "alice@x.example";
export const WORK = "work@group.calendar.google.com";
export const TEAM = "team@group.calendar.google.com";
export const HOLIDAYS = "en.german#holiday@group.v.calendar.google.com";
export const REDIRECT_URI = "https://cal.example/oauth/google/callback";
const ALL = ["calendar.events.freebusy", "calendar.calendarlist.readonly", "calendar.events.owned"];

/** Without the settings and the clock, which are always the same. */
export type Wanted = GoogleQuestion extends infer Question
  ? Question extends GoogleQuestion
    ? Omit<Question, "settings" | "now">
    : never
  : never;

export interface Alice {
  readonly google: Google;
  /** Everything that was answered, to be searched for secrets. */
  readonly answers: readonly Told[];
  ask(wanted: Wanted): Promise<Told>;
  /** She consents, with these scopes ticked. */
  consents(ticked?: readonly string[]): Promise<Told>;
  /** The same, for what comes of it. */
  connects(): Promise<string>;
  busy(access: string, refs: readonly string[], range?: { start: number; end: number }): Promise<Told>;
  /** Lets time pass, for her and for Google. */
  waits(ms: number): void;
}

const WEEK = { start: NOW, end: NOW + 7 * 86_400_000 };

export async function startAlice(runtime: Runtime<GoogleQuestion>): Promise<Alice> {
  let now = NOW;
  const google = await startGoogle({ now: () => now });
  google.seed({
    clients: [{ id: "client-1", secret: "client-secret-1", redirectUris: [REDIRECT_URI] }],
    accounts: [{ email: ALICE, timeZone: "Europe/Berlin" }, { email: "bob@x.example" }],
    calendars: [
      { id: WORK, summary: "Work", owner: ALICE },
      { id: TEAM, summary: "Team", owner: "bob@x.example" },
      { id: HOLIDAYS, summary: "Holidays in Germany", isPublic: true },
    ],
    listings: [
      { account: ALICE, calendar: TEAM, accessRole: "writer" },
      { account: ALICE, calendar: HOLIDAYS },
    ],
    events: [
      { calendar: ALICE, start: "2026-11-26T10:00:00", rrule: "FREQ=DAILY;COUNT=3" },
      { calendar: ALICE, start: "2026-11-26T10:30:00", end: "2026-11-26T12:00:00" },
      { calendar: WORK, start: "2026-11-26T10:00:00", isFree: true },
      { calendar: WORK, start: "2026-11-30", timeZone: "UTC" },
    ],
  });
  const answers: Told[] = [];
  const ask = async (wanted: Wanted): Promise<Told> => {
    const told = await runtime.ask({ ...wanted, settings: settingsFor(google.url), now });
    answers.push(told);
    return told;
  };
  const consents = async (ticked: readonly string[] = ALL): Promise<Told> => {
    const wanted = { redirectUri: REDIRECT_URI, write: true, loginHint: ALICE };
    const { url, verifier } = await ask({ what: "consent", wanted });
    const back = await decide(new URL(String(url)), { email: ALICE, ticked });
    const code = back.searchParams.get("code") ?? "";
    return ask({
      what: "finish",
      back: { code, verifier: String(verifier), redirectUri: REDIRECT_URI, write: true },
    });
  };
  return {
    google,
    answers,
    ask,
    consents,
    connects: async () => String((await consents())["access"]),
    busy: (access, refs, range = WEEK) =>
      ask({ what: "read", access, calendars: refs.map((ref) => ({ id: `id of ${ref}`, ref })), range }),
    waits: (ms) => {
      now += ms;
    },
  };
}
