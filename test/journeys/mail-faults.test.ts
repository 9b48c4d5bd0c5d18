import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokerSecrets } from "../../dev/broker-secrets.ts";
import type { EmailJson } from "../../worker/messages-wire.ts";
import type { NotificationListJson, OutboxJson } from "../../worker/wire.ts";
import { RESEND, startVendor } from "../adapters/mail/vendor.ts";
import type { Vendor, VendorBehaviour } from "../adapters/mail/vendor.ts";
import { eventually, inDays } from "./support/eventually.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

interface Posted {
  readonly at: number;
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** As it came, to be compared. */
  readonly body: string;
}

const SENT: VendorBehaviour = { status: 200, body: { id: "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794" } };
const refusal = (status: number, name: string, message: string, headers = {}): VendorBehaviour => ({
  status,
  headers,
  body: { statusCode: status, name, message },
});

let vendor: Vendor;
let world: TestNetwork;
const posted: Posted[] = [];
/** What becomes of the next mails to an address; after these, all are taken. */
const behaviours = new Map<string, VendorBehaviour[]>();

beforeAll(async () => {
  vendor = await startVendor(RESEND, ({ headers, body }) => {
    const { to, subject, text } = body as { to: [string]; subject: string; text: string };
    const key = String(headers["idempotency-key"]);
    posted.push({ at: Date.now(), key, to: to[0], subject, text, body: JSON.stringify(body) });
    return behaviours.get(to[0])?.shift() ?? SENT;
  });
  world = await startTestNetwork({
    vars: {
      MAIL_PROVIDER: "resend",
      MAIL_FROM: "bookings@cal.example",
      RESEND_API_KEY: "re_test-key",
      RESEND_URL: vendor.url,
    },
  });
});
afterAll(async () => {
  await Promise.all([world?.stop(), vendor?.stop()]);
});

const mailTo = (address: string) => posted.filter(({ to }) => to === address);
const mailsTo = (address: string, count: number, seconds = 30) =>
  eventually(
    async () => mailTo(address),
    (mails) => mails.length >= count,
    seconds,
  );

/** Others run at the same time. */
function forgetMailTo(address: string): void {
  posted.splice(0, posted.length, ...posted.filter(({ to }) => to !== address));
}

async function provesAddress(who: TestAccount, address: string): Promise<void> {
  await who.call("social.schedule.askForEmail", "/api/email", { body: { address } });
  const [mail] = await mailsTo(address, 1);
  const token = /email\/confirm#(\S+)/.exec(mail?.text ?? "")?.[1];
  const answer = await fetch(`${world.url}/api/email/confirm`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: world.url },
    body: JSON.stringify({ token }),
  });
  expect(answer.status).toBe(200);
}

/** A host of their own, since an outage stops all mail of a host, and a booker whose provider does this to their first mails. */
async function bookedUnder(name: string, ...does: VendorBehaviour[]) {
  const [{ host, meetingType }, booker] = await Promise.all([world.host(), world.person("booker")]);
  const address = `${name}@mail.example`;
  await provesAddress(booker, address);
  forgetMailTo(address);
  behaviours.set(address, does);
  const { uid } = await booker.books({ host: host.did, meetingType, start: inDays(2, "10:00") });
  return { host, booker, address, uid };
}

const operator = () => ({ authorization: `Bearer ${brokerSecrets(world.broker.dataDir).OPERATOR_TOKEN}` });

async function outboxOf(host: TestAccount): Promise<OutboxJson> {
  const answer = await fetch(`${world.url}/api/operator/hosts/${host.did}/outbox`, { headers: operator() });
  return (await answer.json()) as OutboxJson;
}

async function bellOf(who: TestAccount) {
  const answer = await who.call("social.schedule.listNotifications", "/api/notifications");
  const { notifications } = (await answer.json()) as NotificationListJson;
  return notifications.filter(({ kind }) => kind === "mail.bounced");
}

describe.concurrent("a provider that", () => {
  it.each<[string, VendorBehaviour, number]>([
    ["fails", refusal(500, "internal_server_error", "Something went wrong"), 0],
    ["hangs up", "hang up", 0],
    ["breaks off in the middle of its answer", { status: 200, body: { id: "1" }, afterwards: "breaks" }, 0],
    ["does not answer", "silence", 20_000],
    [
      "asks for patience",
      refusal(429, "rate_limit_exceeded", "Too many requests", { "retry-after": "3" }),
      3_000,
    ],
  ])(
    "%s is asked again with the same mail and the same key, and no sooner than it wishes",
    async (name, behaviour, after) => {
      const { address, host } = await bookedUnder(name.replaceAll(" ", "-"), behaviour);
      const [first, second] = await mailsTo(address, 2, 60);
      expect(second?.body).toBe(first?.body);
      expect(second?.key).toBe(first?.key);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(after);
      expect(
        await eventually(
          () => outboxOf(host),
          ({ waiting }) => waiting === 0,
        ),
      ).toMatchObject({ waiting: 0, parked: 0 });
      expect(mailTo(address)).toHaveLength(2);
    },
  );

  it("does not like a mail is not asked again; the operator sees it, and can have it sent", async () => {
    const { address, host, uid } = await bookedUnder(
      "parked",
      refusal(422, "invalid_attachment", "Attachment must have content"),
    );
    const outbox = await eventually(
      () => outboxOf(host),
      ({ parked }) => parked === 1,
    );
    expect(outbox.effects).toMatchObject([
      { id: `${uid}/0/mail.confirmed/booker`, lastError: "MailRefused message-refused" },
    ]);
    // The operator sees no address.
    expect(JSON.stringify(outbox)).not.toContain(address);
    expect(mailTo(address)).toHaveLength(1);
    await fetch(`${world.url}/api/operator/hosts/${host.did}/outbox/retry`, {
      method: "POST",
      headers: operator(),
    });
    const [first, second] = await mailsTo(address, 2);
    expect(second).toMatchObject({ key: first?.key, body: first?.body });
    expect(
      await eventually(
        () => outboxOf(host),
        ({ parked, waiting }) => parked + waiting === 0,
      ),
    ).toMatchObject({ parked: 0 });
  });

  it("does not let us in loses nothing: mail waits until the operator has seen to it", async () => {
    const denied = refusal(401, "missing_api_key", "Missing API key");
    const { address, host } = await bookedUnder("denied", denied, denied, denied);
    const outbox = await eventually(
      () => outboxOf(host),
      ({ effects }) => effects.some(({ lastError }) => lastError !== undefined),
    );
    expect(outbox.effects.filter(({ lastError }) => lastError)).toMatchObject([
      { kind: "send-mail", attempts: 0, lastError: "MailNotTaken misconfigured" },
    ]);
    const mails = await mailsTo(address, 4, 60);
    expect(new Set(mails.map(({ key }) => key)).size).toBe(1);
    expect(
      await eventually(
        () => outboxOf(host),
        ({ waiting }) => waiting === 0,
      ),
    ).toMatchObject({ waiting: 0, parked: 0 });
  });

  it("refuses an address for good: it is used no more, and its owner and the host are told in the app, once", async () => {
    const { address, host, booker, uid } = await bookedUnder(
      "gone",
      refusal(422, "validation_error", "Invalid `to` field. The recipient is suppressed."),
    );
    expect(
      await eventually(
        () => bellOf(booker),
        (told) => told.length > 0,
      ),
    ).toMatchObject([{ otherHandle: booker.handle }]);
    expect(
      await eventually(
        () => bellOf(host),
        (told) => told.length > 0,
      ),
    ).toMatchObject([{ otherHandle: booker.handle, bookingUid: uid }]);
    const email = (await (await booker.call("social.schedule.getEmail", "/api/email")).json()) as EmailJson;
    expect(email).toMatchObject({ address, isRefused: true });
    await host.does("cancel", uid);
    expect(
      await eventually(
        () => outboxOf(host),
        ({ waiting }) => waiting === 0,
      ),
    ).toMatchObject({ waiting: 0, parked: 0, effects: [] });
    expect(mailTo(address)).toHaveLength(1);
    expect(await bellOf(booker)).toHaveLength(1);
    // Proving it again makes it good again.
    forgetMailTo(address);
    await provesAddress(booker, address);
    const again = (await (await booker.call("social.schedule.getEmail", "/api/email")).json()) as EmailJson;
    expect(again).toEqual({ offered: true, address, reminders: true });
  });
});

it("all that was asked of it is as it documents, and no log says an address", () => {
  expect(vendor.complaints).toEqual([]);
  expect(world.broker.logs().filter(({ message }) => message.includes("@mail.example"))).toEqual([]);
});
