/** SendGrid as it is documented, and as it fails, from both runtimes. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { MailMessage } from "../../../adapters/mail/mail.ts";
import { ICS, INVITATION, MESSAGE, NOW } from "./any-message.ts";
import type { MailTold } from "./mail-question.ts";
import { MAIL_RUNTIMES } from "./mail-runtimes.ts";
import type { MailRuntime } from "./mail-runtimes.ts";
import { neverEnds, SENDGRID, startVendor } from "./vendor.ts";
import type { Vendor, VendorReply } from "./vendor.ts";

const says = (status: number, field: string | null, more: Partial<VendorReply> = {}): VendorReply => ({
  status,
  body: { errors: [{ message: "Something about it", field, help: "" }] },
  ...more,
});

const ANSWERS: readonly (readonly [string, VendorReply | "silence" | "hang up", object])[] = [
  ["202", { status: 202, headers: { "x-message-id": "m-1" } }, { kind: "sent", providerId: "m-1" }],
  ["202 without an id", { status: 202 }, { kind: "sent" }],
  // It was taken, and asking again would send it twice.
  ["202 that breaks off", { status: 202, body: "x", afterwards: "breaks" }, { kind: "sent" }],
  ["202 that never ends", { status: 202, body: "x", afterwards: "hangs" }, { kind: "sent" }],
  ["200 of the sandbox", { status: 200 }, failed("server-error")],
  ["200 of a stranger", { status: 200, body: "<html>Welcome to this hotel</html>" }, failed("server-error")],
  ["a redirect", { status: 302, headers: { location: "https://login.example/" } }, failed("misconfigured")],
  ["400 about the recipient", says(400, "personalizations.0.to.0.email"), failed("address-refused")],
  ["400 about the sender", says(400, "from.email"), failed("misconfigured")],
  ["400 about the content", says(400, "content.0.value"), failed("message-refused")],
  ["400 about nothing", says(400, null), failed("message-refused")],
  ["400 of another shape", { status: 400, body: { errors: "no" } }, failed("message-refused")],
  ["401", says(401, null), failed("misconfigured")],
  ["403 of a sender that is not verified", says(403, "from"), failed("misconfigured")],
  ["406", says(406, null), failed("message-refused")],
  ["413", says(413, null), failed("message-refused")],
  ["429", says(429, null), failed("rate-limited")],
  ["429 with seconds", says(429, null, { headers: { "retry-after": "7" } }), failed("rate-limited", 7_000)],
  [
    "429 with when",
    says(429, null, { headers: { "x-ratelimit-reset": String(NOW / 1_000 + 30) } }),
    failed("rate-limited", 30_000),
  ],
  [
    "429 with seconds and when",
    says(429, null, { headers: { "retry-after": "7", "x-ratelimit-reset": String(NOW / 1_000 + 30) } }),
    failed("rate-limited", 7_000),
  ],
  [
    "429 with a when that was",
    says(429, null, { headers: { "x-ratelimit-reset": "1" } }),
    failed("rate-limited", 0),
  ],
  [
    "429 with a when that is none",
    says(429, null, { headers: { "x-ratelimit-reset": "soon" } }),
    failed("rate-limited"),
  ],
  ["500", { status: 500, body: "oops" }, failed("server-error")],
  ["503 with seconds", { status: 503, headers: { "retry-after": "9" } }, failed("server-error", 9_000)],
  ["silence", "silence", failed("timeout")],
  ["no answer", "hang up", failed("unreachable")],
];

describe.each(MAIL_RUNTIMES)("in %s, SendGrid", (_, start) => {
  let runtime: MailRuntime;
  let vendor: Vendor | undefined;

  beforeAll(async () => {
    runtime = await start();
  });
  afterAll(() => runtime.stop());
  afterEach(() => vendor?.stop());

  const sendTo = async (
    reply: VendorReply | "silence" | "hang up",
    message: MailMessage = INVITATION,
  ): Promise<MailTold> => {
    vendor = await startVendor(SENDGRID, reply);
    return await runtime.send({
      settings: {
        MAIL_PROVIDER: "sendgrid",
        MAIL_FROM: "bookings@cal.example",
        ALLOW_LOOPBACK: "true",
        SENDGRID_API_KEY: "SG.test-key",
        SENDGRID_URL: vendor.url,
      },
      message,
      now: NOW,
      timeoutMs: neverEnds(reply) ? 500 : 5_000,
    });
  };

  it.each(ANSWERS)("answers %s", async (_name, reply, told) => {
    expect(await sendTo(reply)).toEqual(told);
    expect(vendor?.complaints).toEqual([]);
  });

  it("is asked as it wants to be", async () => {
    await sendTo({ status: 202 });
    expect(vendor?.requests[0]?.body).toEqual({
      personalizations: [{ to: [{ email: "bob@booker.example" }] }],
      from: { email: "bookings@cal.example", name: "atproto Cal" },
      reply_to: { email: "zoe@host.example", name: "Zoë" },
      subject: MESSAGE.subject,
      content: [
        { type: "text/plain", value: MESSAGE.text },
        { type: "text/html", value: MESSAGE.html },
        { type: "text/calendar; method=REQUEST", value: ICS },
      ],
      attachments: [
        {
          content: Buffer.from(ICS).toString("base64"),
          type: "application/ics",
          filename: "invite.ics",
          disposition: "attachment",
        },
      ],
      headers: {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": "<https://cal.example/unsubscribe/t-1>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Message-ID": expect.stringMatching(/^<[0-9a-f]{32}@cal\.example>$/),
      },
      custom_args: { key: MESSAGE.key },
      tracking_settings: {
        click_tracking: { enable: false, enable_text: false },
        open_tracking: { enable: false },
        subscription_tracking: { enable: false },
      },
    });
  });

  it("is asked for less where there is less", async () => {
    const { replyTo: _r, unsubscribeUrl: _u, ...less } = MESSAGE;
    await sendTo({ status: 202 }, { ...less, from: { name: "", address: "bookings@cal.example" } });
    expect(vendor?.complaints).toEqual([]);
    expect(Object.keys(vendor?.requests[0]?.body as object)).not.toContain("attachments");
  });
});

function failed(problem: string, retryAfterMs?: number): object {
  return { kind: "failed", problem, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
