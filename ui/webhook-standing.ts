/** What is said of webhooks and of what was sent to them. Pure. */

import type { WebhookDeliveryJson, WebhookJson } from "../worker/messages-wire.ts";
import { agoLabel } from "./clock-format.ts";

const TYPE_NAMES: Readonly<Record<WebhookDeliveryJson["type"], string>> = {
  "booking.requested": "Asked for",
  "booking.confirmed": "Confirmed",
  "booking.declined": "Declined",
  "booking.cancelled": "Cancelled",
  "booking.rescheduled": "Moved",
  "booking.expired": "Expired",
  ping: "Test",
};

const PROBLEMS: Readonly<Record<string, string>> = {
  unreachable: "it could not be reached",
  timeout: "it took too long to answer",
  "refused-address": "its address is not on the public internet",
};

/** What it tells of, in a word or two. */
export function deliveryName({ type }: Pick<WebhookDeliveryJson, "type">): string {
  return TYPE_NAMES[type] ?? type;
}

/** `Delivered: answered 204`, `Failed: it took too long to answer · 5 attempts`. */
export function deliverySentence({ state, status, problem, attempts }: WebhookDeliveryJson): string {
  const why =
    status === undefined
      ? problem === undefined
        ? undefined
        : (PROBLEMS[problem] ?? "it did not work")
      : `answered ${status}`;
  const tries = attempts > 1 ? ` · ${attempts} attempts` : "";
  switch (state) {
    case "delivered":
      return `Delivered${why === undefined ? "" : `: ${why}`}${tries}`;
    case "failed":
      return `Failed${why === undefined ? "" : `: ${why}`}${tries}`;
    case "waiting":
      return attempts === 0
        ? "On its way"
        : `Will be tried again${why === undefined ? "" : `: ${why}`}${tries}`;
  }
}

/** How it stands as a whole. `now` in epoch ms. */
export function webhookSentence({ state, deliveries }: WebhookJson, now: number, zone: string): string {
  if (state === "off") return "Off: it failed for days, or said that it is gone. Nothing is sent to it.";
  const last = deliveries.find((each) => each.state !== "waiting" && each.at !== undefined);
  if (last?.at === undefined) return "On. Nothing was sent yet.";
  const ago = agoLabel(Date.parse(last.at), now, zone);
  return last.state === "delivered"
    ? `On. Last delivered ${ago}.`
    : `On, but the last delivery failed (${ago}).`;
}

/** Whether something is on its way whose outcome is not known. */
export function isUnderWay({ state, deliveries }: Pick<WebhookJson, "state" | "deliveries">): boolean {
  return state === "on" && deliveries.some((each) => each.state === "waiting");
}

/** The address as it is typed, with https:// where no scheme was; undefined where it cannot be one. The worker judges it again. */
export function typedWebhookUrl(typed: string): string | undefined {
  const text = typed.trim();
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.parse(whole);
  return url?.protocol === "https:" && url.hostname.includes(".") ? whole : undefined;
}
