import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeSettings } from "../../../adapters/d1/settings-rows.ts";
import type { Booking } from "../../../scheduling/booking.ts";
import { booker, given, midnightIn, move } from "../support/booker.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { type MailOnTheNetwork, mailOnTheNetwork } from "../support/mail-on-the-network.ts";
import { type Clock, inStorage, live, stoppedClock } from "../support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let clock: Clock;
let host: HostOnTheNetwork;
let mail: MailOnTheNetwork;
let start: number;
/** Of Ann. No address gets many links. */
let address: string;
let ann: ReturnType<typeof booker>;

beforeEach(async () => {
  clock = stoppedClock();
  host = hostOnTheNetwork();
  mail = mailOnTheNetwork();
  start = midnightIn(4);
  address = `ann-${crypto.randomUUID()}@mail.example`;
  ann = booker(host.did, `ann-${crypto.randomUUID()}`);
  // The first question gives the host an authority.
  await env.HOST_CALENDAR.getByName(host.did).getHost();
  await mail.givenTo(host.did);
});

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

const booked = async (at = start): Promise<Booking> => given(await ann.asksFor(at));
const soon = () => live(host.did, clock, MINUTE_MS);
const liveUntil = (at: number) => live(host.did, clock, at - clock.now);
const subjects = () => mail.to(address).map(({ subject }) => subject.split(":")[0]);
/** Without the folds of RFC 5545 3.1. */
const unfolded = (ics: string | undefined) => (ics ?? "").replaceAll("\r\n ", "");
const sequenceOf = (ics: string | undefined) => /^SEQUENCE:(\d+)/m.exec(ics ?? "")?.[1];
const owed = () =>
  inStorage(host.did, ({ sql }) =>
    sql.exec<{ id: string }>("SELECT effect_id AS id FROM outbox WHERE channel = 'mail'").toArray(),
  );

describe("reminders by mail", () => {
  it("come a day and an hour before, can be ended from the mail, and bring no invitation", async () => {
    await mail.proves(ann.did, address);
    await booked();
    await soon();
    await liveUntil(start - DAY_MS - 1);
    expect(subjects()).toEqual(["Confirmed"]);
    await liveUntil(start);
    const [, day, hour] = mail.to(address);
    expect(mail.to(address)).toHaveLength(3);
    for (const reminder of [day, hour]) {
      expect(reminder?.ics).toBe("");
      expect(reminder?.headers["List-Unsubscribe"]).toMatch(/^<http.*\/api\/email\/unsubscribe\/[\w.-]+>$/);
    }
    expect(mail.to(address)[0]?.headers).not.toHaveProperty("List-Unsubscribe");
  });

  it("are for those who want them: neither who switched one off nor who wants none by mail gets it", async () => {
    await mail.proves(ann.did, address);
    await writeSettings(env.DB, ann.did, { reminders: { dayBefore: false, hourBefore: true } }, clock.now);
    await booked();
    await liveUntil(start - HOUR_MS - 1);
    expect(subjects()).toEqual(["Confirmed"]);
    await env.ACCOUNT.getByName(ann.did).setMailedReminders(false);
    await liveUntil(start);
    expect(subjects()).toEqual(["Confirmed"]);
  });

  it("remind of nothing that was moved or cancelled", async () => {
    await mail.proves(ann.did, address);
    const moved = await booked();
    const cancelled = await booked(start + HOUR_MS);
    given(await move(host.did, ann.did, moved.uid, start + 2 * DAY_MS));
    await env.HOST_CALENDAR.getByName(host.did).cancelBooking({ uid: cancelled.uid, callerDid: ann.did });
    await soon();
    const known = mail.to(address).length;
    await liveUntil(start + DAY_MS - MINUTE_MS);
    expect(mail.to(address)).toHaveLength(known);
    await liveUntil(start + 2 * DAY_MS);
    expect(mail.to(address)).toHaveLength(known + 2);
  });
});

describe("somebody who proves an address", () => {
  it("is invited to what is ahead of them, once, in the zone that their browser told", async () => {
    const booking = await booked();
    await soon();
    expect(mail.mails).toEqual([]);
    expect(await owed()).toEqual([]);
    await liveUntil(clock.now + HOUR_MS);
    await mail.proves(ann.did, address, "Asia/Kathmandu");
    await soon();
    expect(subjects()).toEqual(["Invitation"]);
    const [invitation] = mail.to(address);
    expect(invitation?.text).toContain("Asia/Kathmandu");
    expect(unfolded(invitation?.ics)).toContain(`UID:${booking.uid}`);
    // Said again, it is no news.
    await env.HOST_CALENDAR.getByName(host.did).addressProved(ann.did);
    await soon();
    expect(mail.to(address)).toHaveLength(1);
  });

  it("and another one later is invited there, and what was begun for the first one is a new mail", async () => {
    await mail.proves(ann.did, address);
    mail.answers(({ to }) =>
      to === address ? { status: 500, name: "internal_server_error", message: "no" } : undefined,
    );
    await booked();
    await live(host.did, clock, 1);
    const [first] = mail.to(address);
    const other = `ann-${crypto.randomUUID()}@new.example`;
    await mail.proves(ann.did, other);
    const known = mail.to(address).length;
    await soon();
    expect(mail.to(address)).toHaveLength(known);
    const fresh = mail.to(other);
    expect(fresh.map(({ subject }) => subject.split(":")[0])).toEqual(["Confirmed"]);
    expect(fresh[0]?.key).not.toBe(first?.key);
    expect(unfolded(fresh[0]?.ics)).toContain(other);
    expect(unfolded(fresh[0]?.ics)).not.toContain(address);
  });
});

it("an invitation that was parked does not come after the cancellation that followed it", async () => {
  await mail.proves(ann.did, address);
  mail.answers(({ ics }) =>
    ics.includes("METHOD:REQUEST") ? { status: 422, name: "invalid_attachment", message: "no" } : undefined,
  );
  const { uid } = await booked();
  await soon();
  const stub = env.HOST_CALENDAR.getByName(host.did);
  expect((await stub.readOutbox()).parked).toBe(1);
  // Nobody was invited, so only whoever did not cancel is told.
  await stub.cancelBooking({ uid, callerDid: host.did });
  await soon();
  mail.answers(() => undefined);
  const known = mail.to(address).length;
  await stub.retryParked();
  await soon();
  expect(mail.to(address)).toHaveLength(known);
  expect(mail.to(address).at(-1)).toMatchObject({ ics: "" });
  expect(await owed()).toEqual([]);
});

it("what somebody answered stands in the next invitation of the same version, and not in that of another", async () => {
  await mail.proves(ann.did, address);
  const booking = await booked();
  await soon();
  const stub = env.HOST_CALENDAR.getByName(host.did);
  const reply = {
    uid: /^UID:(.*)/m.exec(unfolded(mail.to(address)[0]?.ics))?.[1]?.trim() ?? "",
    sequence: 0,
    attendeeAddress: address,
    partstat: "tentative",
    stampedAt: clock.now,
    sender: { address: address, isAuthenticated: true },
  } as const;
  expect(await stub.takeReply(booking.uid, reply)).toBe("tentative");
  expect(await stub.takeReply(booking.uid, reply)).toEqual({ ignored: "stale" });
  const hosts = `host-${crypto.randomUUID()}@mail.example`;
  await mail.proves(host.did, hosts);
  await soon();
  expect(mail.to(hosts)[0]?.ics).toMatch(/PARTSTAT=TENTATIVE/);
  given(await move(host.did, ann.did, booking.uid, start + DAY_MS));
  await soon();
  const moved = mail.to(address).at(-1);
  expect(sequenceOf(moved?.ics)).toBe("1");
  expect(moved?.ics).not.toMatch(/PARTSTAT=TENTATIVE/);
});

it("fifty addresses a day are asked on account of one host, and no more", async () => {
  const asked = () =>
    inStorage(
      host.did,
      ({ sql }) => sql.exec("SELECT count(*) AS count FROM asked_addresses").one()["count"],
    );
  const stub = env.HOST_CALENDAR.getByName(host.did);
  const request = async (index: number) =>
    given(
      await stub.requestBooking({
        callerDid: `did:plc:booker-${index}`,
        requestId: crypto.randomUUID(),
        fingerprint: String(index),
        booker: { did: `did:plc:booker-${index}`, handle: "booker.test" },
        meetingTypeRkey: "intro",
        start: start + index * HOUR_MS,
        email: `booker-${index}@mail.example`,
      }),
    );
  for (let index = 0; index < 55; index += 1) await request(index);
  expect(await asked()).toBe(50);
  clock.moveBy(DAY_MS + 1);
  await request(60);
  expect(await asked()).toBe(1);
});

it("nothing is owed where no mail is sent", async () => {
  const other = hostOnTheNetwork();
  given(await booker(other.did, "ann").asksFor(start));
  const mails = await inStorage(other.did, ({ sql }) =>
    sql.exec("SELECT count(*) AS count FROM outbox WHERE channel = 'mail'").one(),
  );
  expect(mails).toEqual({ count: 0 });
});
