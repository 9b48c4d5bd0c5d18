/** The worker's entry: HTTP goes to the router, and the two Durable Object classes are named for the platform. */

import { router } from "./router.ts";

export { Account } from "../durable-objects/account.ts";
export { HostCalendar } from "../durable-objects/host-calendar.ts";

export default {
  fetch: (request, env) => router.fetch(request, env),
} satisfies ExportedHandler<Env>;
