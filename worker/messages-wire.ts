/** The JSON about e-mail and webhooks that crosses HTTP. Types only, as in wire.ts. Instants are RFC 3339. */

/** `GET /api/email`: where the caller is mailed. `DELETE` → 204 forgets the address, and what waits for an answer. */
export interface EmailJson {
  /** Whether this broker sends mail at all. */
  offered: boolean;
  /** The address in use: its owner proved it, by a link or by their PDS. */
  address?: string;
  /** Mail to it was refused for good: nothing is sent there until it is proved again. */
  isRefused?: boolean;
  /** An address to which a link went that has not been followed yet. */
  asked?: { address: string; at: string };
  /** Whether reminders are mailed as well; true unless they said no. */
  reminders: boolean;
}

/**
 * `POST /api/email` → 202 `{email}`: a link goes to the address, which is used once somebody follows it. 422 `AddressNotAsked` where it may
 * not be asked: too many links already, or its owner wants no mail.
 */
export interface EmailInput {
  address: string;
  /** IANA zone in which they read times, where their settings name none. */
  timeZone?: string;
}

/** `PUT /api/email` → 200 `{email}`. */
export interface EmailWishesInput {
  reminders: boolean;
}

export interface EmailAnswerJson {
  email: EmailJson;
}

/**
 * What a link in a mail says after its `#`. `POST /api/email/link` → 200 EmailLinkJson, 404 where it is good no more; `POST /api/email/confirm`
 * → 200 EmailLinkJson: the address is proved; `POST /api/email/refuse` → 204: this broker never mails that address again;
 * `POST /api/email/unsubscribe` → 204: no reminders by mail any more. None of them needs a session.
 */
export interface EmailTokenInput {
  token: string;
}

/** Who asked to be mailed at which address. */
export interface EmailLinkJson {
  handle: string;
  address: string;
}

/** What a host's endpoint is told of: decisions about their bookings. */
export type WebhookEventType =
  | "booking.requested"
  | "booking.confirmed"
  | "booking.declined"
  | "booking.cancelled"
  | "booking.rescheduled"
  | "booking.expired";

export interface WebhookJson {
  id: string;
  url: string;
  createdAt: string;
  /** `off`: it failed for days, or said that it is gone (410). Turning it on again is for the host. */
  state: "on" | "off";
  /** The newest first, at most 50. */
  deliveries: WebhookDeliveryJson[];
}

export interface WebhookDeliveryJson {
  /** The `webhook-id` of the message. */
  id: string;
  type: WebhookEventType | "ping";
  bookingUid?: string;
  /** When it was last tried; absent while it waits for its first try. */
  at?: string;
  attempts: number;
  state: "waiting" | "delivered" | "failed";
  /** The HTTP status of the last answer. */
  status?: number;
  /** Why there was none: `unreachable`, `timeout`, `refused-address`. */
  problem?: string;
}

/** `GET /api/webhooks`. For hosts. */
export interface WebhookListJson {
  webhooks: WebhookJson[];
}

/** `POST /api/webhooks` → 201 NewWebhookJson. `DELETE …/:id` → 204. At most five. */
export interface WebhookInput {
  /** https, on the public internet. */
  url: string;
}

/** The secret is shown this once. */
export interface NewWebhookJson {
  webhook: WebhookJson;
  /** `whsec_…`: the key of the Standard Webhooks signature. */
  secret: string;
}

/**
 * `POST /api/webhooks/:id/ping` → 202 `{webhook}`: a message of the type `ping`. `POST /api/webhooks/:id/enable` → 200 `{webhook}`.
 * `POST /api/webhooks/:id/deliveries/:delivery/replay` → 202 `{webhook}`: the same message, with its own id, once more.
 */
export interface WebhookAnswerJson {
  webhook: WebhookJson;
}
