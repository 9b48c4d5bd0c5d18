/** A provider's HTTP API as a test has it: holds each request against what is documented, and answers what it is told. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { startServer } from "../atproto/loopback-server.ts";

export interface VendorReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is text. */
  readonly body?: unknown;
  /** After the headers and the body: `hangs` never ends it, `breaks` ends the connection while more is owed. */
  readonly afterwards?: "hangs" | "breaks";
}

export interface VendorRequest {
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export interface Vendor {
  readonly url: string;
  readonly requests: readonly VendorRequest[];
  /** What was wrong with requests; empty when they were all as documented. */
  readonly complaints: readonly string[];
  stop(): Promise<void>;
}

export interface VendorKind {
  readonly path: string;
  readonly headers: z.ZodType;
  readonly body: z.ZodType;
}

const address = z.email();
const base64 = z.base64().min(1);

/** `Name <address>` or a bare address. */
const mailbox = z.string().regex(/^(?:[^\r\n<>]+ )?<?[^\s<>]+@[^\s<>]+>?$/);

/** https://resend.com/docs/api-reference/emails/send-email */
export const RESEND: VendorKind = {
  path: "/emails",
  headers: z.looseObject({
    authorization: z.literal("Bearer re_test-key"),
    "content-type": z.literal("application/json"),
    "user-agent": z.string().min(1),
    "idempotency-key": z.string().min(1).max(256),
  }),
  body: z.strictObject({
    from: mailbox,
    to: z.array(address).min(1).max(50),
    reply_to: mailbox.optional(),
    subject: z.string().min(1),
    text: z.string(),
    html: z.string(),
    headers: z.record(z.string().regex(/^[\w-]+$/), z.string().regex(/^[\x20-\x7e]+$/)),
    attachments: z
      .array(z.strictObject({ filename: z.string(), content: base64, content_type: z.string() }))
      .optional(),
  }),
};

const person = z.strictObject({ email: address, name: z.string().min(1).optional() });

/** https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send */
export const SENDGRID: VendorKind = {
  path: "/v3/mail/send",
  headers: z.looseObject({
    authorization: z.literal("Bearer SG.test-key"),
    "content-type": z.literal("application/json"),
  }),
  body: z.strictObject({
    personalizations: z.array(z.strictObject({ to: z.array(person).min(1) })).length(1),
    from: person,
    reply_to: person.optional(),
    subject: z.string().min(1),
    // In this order, plain text first; and none is empty.
    content: z
      .tuple([
        z.strictObject({ type: z.literal("text/plain"), value: z.string().min(1) }),
        z.strictObject({ type: z.literal("text/html"), value: z.string().min(1) }),
      ])
      .rest(
        z.strictObject({
          type: z.string().regex(/^text\/calendar; method=(?:REQUEST|CANCEL)$/),
          value: z.string().min(1),
        }),
      ),
    attachments: z
      .array(
        z.strictObject({
          content: base64,
          // With parameters it is refused.
          type: z.string().regex(/^[^;\r\n]+$/),
          filename: z.string().min(1),
          disposition: z.enum(["attachment", "inline"]),
        }),
      )
      .optional(),
    // Those that have fields of their own are refused here.
    headers: z.record(
      z
        .string()
        .regex(
          /^(?!(?:x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$)[\w-]+$/i,
        ),
      z.string(),
    ),
    custom_args: z.record(z.string(), z.string()),
    tracking_settings: z.strictObject({
      click_tracking: z.strictObject({ enable: z.boolean(), enable_text: z.boolean() }),
      open_tracking: z.strictObject({ enable: z.boolean() }),
      subscription_tracking: z.strictObject({ enable: z.boolean() }),
    }),
  }),
};

/** "silence" never answers, "hang up" ends the connection without an answer. */
export type VendorBehaviour = VendorReply | "silence" | "hang up";

/** @param reply to all, or to each */
export async function startVendor(
  kind: VendorKind,
  reply: VendorBehaviour | ((request: VendorRequest) => VendorBehaviour),
): Promise<Vendor> {
  const requests: VendorRequest[] = [];
  const complaints: string[] = [];
  const server = await startServer((request, response) => {
    void readBody(request).then((body) => {
      const asked = { headers: request.headers, body };
      requests.push(asked);
      if (request.method !== "POST" || request.url !== kind.path) {
        complaints.push(`${request.method} ${request.url}`);
      }
      for (const problem of [kind.headers.safeParse(request.headers), kind.body.safeParse(body)]) {
        if (!problem.success) {
          complaints.push(z.prettifyError(problem.error));
        }
      }
      answer(response, typeof reply === "function" ? reply(asked) : reply);
    });
  });
  return { url: server.url, requests, complaints, stop: () => server.stop() };
}

/** Whether only a time limit ends it. */
export function neverEnds(reply: VendorBehaviour): boolean {
  return reply === "silence" || (reply !== "hang up" && reply.afterwards === "hangs");
}

function answer(response: ServerResponse, reply: VendorBehaviour): void {
  if (reply === "silence") {
    return;
  }
  if (reply === "hang up") {
    response.destroy();
    return;
  }
  const { status, headers, body = "", afterwards } = reply;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const isWhole = afterwards === undefined;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(text) + (isWhole ? 0 : 50)),
    ...headers,
  });
  response.write(text, () => {
    if (afterwards === "breaks") {
      response.destroy();
    } else if (isWhole) {
      response.end();
    }
  });
  if (text === "") {
    response.flushHeaders();
    if (isWhole) {
      response.end();
    }
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = await request.toArray();
  return JSON.parse(Buffer.concat(chunks).toString());
}
