/** Resend as it is documented, and as it fails, from both runtimes. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { MailMessage } from "../../../adapters/mail/mail.ts";
import { ICS, INVITATION, MESSAGE, NOW } from "./any-message.ts";
import type { MailTold } from "./mail-question.ts";
import { MAIL_RUNTIMES } from "./mail-runtimes.ts";
import type { MailRuntime } from "./mail-runtimes.ts";
import { neverEnds, RESEND, startVendor } from "./vendor.ts";
import type { Vendor, VendorReply } from "./vendor.ts";

const HOUR = 3_600_000;

const says = (
  statusCode: number,
  name: string,
  message = "",
  more: Partial<VendorReply> = {},
): VendorReply => ({
  status: statusCode,
  body: { statusCode, name, message },
  ...more,
});

const ANSWERS: readonly (readonly [string, VendorReply | "silence" | "hang up", object])[] = [
  ["200 with an id", { status: 200, body: { id: "m-1" } }, { kind: "sent", providerId: "m-1" }],
  ["200 that breaks off", { status: 200, body: '{"id":', afterwards: "breaks" }, failed("server-error")],
  ["200 that never ends", { status: 200, body: '{"id":', afterwards: "hangs" }, failed("server-error")],
  ["200 of a stranger", { status: 200, body: "<html>Welcome to this hotel</html>" }, failed("server-error")],
  [
    "200 with too much",
    { status: 200, body: { id: "m-1", more: "x".repeat(100_000) } },
    failed("server-error"),
  ],
  ["a redirect", { status: 302, headers: { location: "https://login.example/" } }, failed("misconfigured")],
  ["400 validation_error", says(400, "validation_error", "Something"), failed("message-refused")],
  [
    "422 about the recipient",
    says(422, "validation_error", "Invalid `to` field. The email address needs to follow the format."),
    failed("address-refused"),
  ],
  [
    "422 about the sender",
    says(422, "invalid_from_address", "Invalid `from` field."),
    failed("misconfigured"),
  ],
  ["422 about a region", says(422, "invalid_access"), failed("misconfigured")],
  ["422 missing_required_field", says(422, "missing_required_field"), failed("message-refused")],
  ["400 invalid_idempotency_key", says(400, "invalid_idempotency_key"), failed("message-refused")],
  ["401 missing_api_key", says(401, "missing_api_key"), failed("misconfigured")],
  ["401 restricted_api_key", says(401, "restricted_api_key"), failed("misconfigured")],
  ["403 invalid_api_key", says(403, "invalid_api_key"), failed("misconfigured")],
  ["403 of a domain that is not verified", says(403, "validation_error"), failed("misconfigured")],
  ["404", says(404, "not_found"), failed("misconfigured")],
  ["408", { status: 408 }, failed("timeout")],
  ["409 while the same is under way", says(409, "concurrent_idempotent_requests"), failed("server-error")],
  ["409 for a key that was used", says(409, "invalid_idempotent_request"), { kind: "sent" }],
  ["413", { status: 413, body: "Payload Too Large" }, failed("message-refused")],
  [
    "429 with seconds",
    says(429, "rate_limit_exceeded", "", { headers: { "retry-after": "7" } }),
    failed("rate-limited", 7_000),
  ],
  [
    "429 with a date",
    { status: 429, headers: { "retry-after": "Wed, 25 Nov 2026 12:01:00 GMT" } },
    failed("rate-limited", 60_000),
  ],
  ["429 without either", { status: 429 }, failed("rate-limited")],
  ["429 for a day", says(429, "daily_quota_exceeded"), failed("rate-limited", HOUR)],
  [
    "429 for a month, with seconds",
    says(429, "monthly_quota_exceeded", "", { headers: { "retry-after": "60" } }),
    failed("rate-limited", 60_000),
  ],
  ["429 that breaks off", { status: 429, body: "{", afterwards: "breaks" }, failed("rate-limited")],
  ["500", says(500, "application_error"), failed("server-error")],
  ["503 with seconds", { status: 503, headers: { "retry-after": "9" } }, failed("server-error", 9_000)],
  ["a name that is no text", { status: 422, body: { name: { toString: 1 } } }, failed("message-refused")],
  ["silence", "silence", failed("timeout")],
  ["no answer", "hang up", failed("unreachable")],
];

describe.each(MAIL_RUNTIMES)("in %s, Resend", (_, start) => {
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
    vendor = await startVendor(RESEND, reply);
    return await runtime.send({
      settings: {
        MAIL_PROVIDER: "resend",
        MAIL_FROM: "bookings@cal.example",
        ALLOW_LOOPBACK: "true",
        RESEND_API_KEY: "re_test-key",
        RESEND_URL: vendor.url,
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
    await sendTo({ status: 200, body: { id: "m-1" } });
    const [request] = vendor?.requests ?? [];
    expect(request?.headers).toMatchObject({ "idempotency-key": MESSAGE.key, "user-agent": "atproto-cal" });
    expect(request?.body).toEqual({
      from: '"atproto Cal" <bookings@cal.example>',
      to: ["bob@booker.example"],
      reply_to: '"Zoë" <zoe@host.example>',
      subject: MESSAGE.subject,
      text: MESSAGE.text,
      html: MESSAGE.html,
      headers: {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": "<https://cal.example/unsubscribe/t-1>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      },
      attachments: [
        {
          filename: "invite.ics",
          content: Buffer.from(ICS).toString("base64"),
          content_type: "text/calendar; charset=UTF-8; method=REQUEST",
        },
      ],
    });
  });

  it("is given no mailbox but the one, whatever the names say", async () => {
    const name = 'Eve" <eve@x.example>, "\r\nBcc: x@y.example\\';
    await sendTo({ status: 200, body: { id: "m-1" } }, { ...MESSAGE, from: { ...MESSAGE.from, name } });
    expect(vendor?.requests[0]?.body).toMatchObject({
      from: String.raw`"Eve\" <eve@x.example>, \" Bcc: x@y.example\\" <bookings@cal.example>`,
    });
  });

  it("is not asked about a message that may not leave", async () => {
    expect(await sendTo({ status: 200, body: { id: "m-1" } }, { ...MESSAGE, to: "nobody" })).toEqual(
      failed("address-refused"),
    );
    expect(vendor?.requests).toEqual([]);
  });
});

function failed(problem: string, retryAfterMs?: number): object {
  return { kind: "failed", problem, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
