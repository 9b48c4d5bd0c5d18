/** The people of a local run: a host who can be booked and two bookers. Writes only what is missing, so edits survive a restart. */

import { AtpAgent } from "@atproto/api";
import { xrpc, XrpcRefusal } from "./account.ts";
import type { Network } from "./network.ts";

export interface SeededPerson {
  readonly handle: string;
  readonly password: string;
  /** What they are there for. */
  readonly role: string;
}

export const seededPeople = [
  { handle: "alice.test", password: "alice-password", role: "host, can be booked" },
  { handle: "bob.test", password: "bob-password", role: "booker" },
  { handle: "carol.test", password: "carol-password", role: "booker" },
] as const satisfies readonly SeededPerson[];

/** Makes the accounts that do not exist yet, and the host's records naming this broker. */
export async function seed(network: Network, brokerDid: string, now: number): Promise<void> {
  for (const { handle, password } of seededPeople) {
    if (!(await exists(network.pdsUrl, handle))) await network.createAccount({ handle, password });
  }
  const [host] = seededPeople;
  await seedHost(network.pdsUrl, host, brokerDid, now);
}

// Record keys of the kind the lexicons ask for (TIDs), spelled so that a reader recognises them.
const WORK_WEEK = "3mworkweek222";
const INTRODUCTION = "3mintroduce22";
const CONSULTATION = "3mconsulting2";

async function seedHost(pdsUrl: string, host: SeededPerson, brokerDid: string, now: number): Promise<void> {
  const agent = new AtpAgent({ service: pdsUrl });
  await agent.login({ identifier: host.handle, password: host.password });
  const repo = agent.assertDid;
  const put = async (collection: string, rkey: string, record: Record<string, unknown>): Promise<void> => {
    await agent.com.atproto.repo.putRecord({
      repo,
      collection,
      rkey,
      record: { $type: collection, ...record },
      // The PDS does not know our lexicons.
      validate: collection.startsWith("app.bsky."),
    });
  };

  const createdAt = new Date(now).toISOString();
  const profile = await profileOf(agent, repo);
  if (profile?.["broker"] === brokerDid) return;
  if (profile !== undefined) {
    await put("social.schedule.profile", "self", { ...profile, broker: brokerDid });
    return;
  }
  await put("app.bsky.actor.profile", "self", { displayName: "Alice Example", createdAt });
  await put("social.schedule.availability", WORK_WEEK, {
    name: "Working week",
    timeZone: "Europe/Berlin",
    weekly: [{ days: ["mo", "tu", "we", "th", "fr"], start: "09:00", end: "17:00" }],
    overrides: [],
    createdAt,
  });
  const availability = `at://${repo}/social.schedule.availability/${WORK_WEEK}`;
  await put("social.schedule.meetingType", INTRODUCTION, {
    title: "Introduction",
    description: "Half an hour to get to know each other.",
    availability,
    durationMinutes: 30,
    approval: "manual",
    createdAt,
  });
  await put("social.schedule.meetingType", CONSULTATION, {
    title: "Consultation",
    description: "Your question, with time to prepare.",
    availability,
    durationMinutes: 60,
    moreDurations: [30, 90],
    slotIntervalMinutes: 30,
    bufferBeforeMinutes: 15,
    bufferAfterMinutes: 15,
    location: { $type: "social.schedule.meetingType#link", uri: "https://meet.example/alice" },
    approval: "automatic",
    createdAt,
  });
  // Last, because it says that the rest is there.
  await put("social.schedule.profile", "self", { broker: brokerDid, listed: true, tags: [], createdAt });
}

async function exists(pdsUrl: string, handle: string): Promise<boolean> {
  try {
    await xrpc(pdsUrl, "com.atproto.identity.resolveHandle", { query: { handle } });
    return true;
  } catch (error) {
    if (error instanceof XrpcRefusal && error.status === 400) return false;
    throw error;
  }
}

async function profileOf(agent: AtpAgent, repo: string): Promise<Record<string, unknown> | undefined> {
  const { data } = await agent.com.atproto.repo.listRecords({ repo, collection: "social.schedule.profile" });
  return data.records.find((record) => record.uri.endsWith("/self"))?.value;
}
