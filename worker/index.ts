/**
 * The worker's entry: HTTP goes to the router, mail is taken for an answer to an invitation, a daily call tidies up, and the two Durable
 * Object classes are named for the platform.
 */

import { env as startedWith } from "cloudflare:workers";
import { createSealer } from "../adapters/atproto/sealing.ts";
import { resealPepper } from "../adapters/d1/address-pepper.ts";
import { deleteOldLinks } from "../adapters/d1/address-rows.ts";
import { deleteOldNotifications } from "../adapters/d1/notification-rows.ts";
import { mailConfiguration } from "../adapters/mail/mail-configuration.ts";
import { takeInvitationMail } from "./invitation-mail.ts";
import { router } from "./router.ts";

export { Account } from "../durable-objects/account/account.ts";
export { HostCalendar } from "../durable-objects/host-calendar.ts";

// Half a configuration is found out when the worker starts, not when the first mail is due.
mailConfiguration(startedWith);

export default {
  async fetch(request, env): Promise<Response> {
    if (request.method !== "HEAD") {
      return router.fetch(request, env);
    }
    // RFC 9110, section 9.3.2: what GET would answer, without the body.
    const answer: Response = await router.fetch(new Request(request, { method: "GET" }), env);
    return new Response(null, answer);
  },

  async email(message, env): Promise<void> {
    await takeInvitationMail(message, env);
  },

  /** Once a day, as wrangler.toml says. */
  async scheduled(controller, env): Promise<void> {
    await deleteOldNotifications(env.DB, controller.scheduledTime);
    await deleteOldLinks(env.DB, controller.scheduledTime);
    // Nobody may have asked for an address since the keys were changed.
    await resealPepper(env.DB, createSealer(env.SEALING_KEYS));
  },
} satisfies ExportedHandler<Env>;
