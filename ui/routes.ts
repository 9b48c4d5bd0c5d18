/** Which page answers which path, each in a chunk of its own. */

import type { Page } from "./page.ts";
import { matchPath, type Params } from "./router.ts";

interface Route {
  readonly pattern: string;
  readonly load: () => Promise<Page>;
}

const routes: readonly Route[] = [
  { pattern: "/", load: async () => (await import("./pages/home.ts")).HomePage },
  { pattern: "/auth/login", load: async () => (await import("./pages/login.ts")).LoginPage },
  { pattern: "/dashboard", load: async () => (await import("./pages/dashboard.ts")).DashboardPage },
  { pattern: "/settings", load: async () => (await import("./pages/settings.ts")).SettingsPage },
  { pattern: "/availability/new", load: loadAvailability },
  { pattern: "/availability/:rkey", load: loadAvailability },
  { pattern: "/meeting-types/new", load: loadMeetingType },
  { pattern: "/meeting-types/:rkey", load: loadMeetingType },
  { pattern: "/book/:actor", load: async () => (await import("./pages/book-host.ts")).BookHostPage },
  { pattern: "/book/:actor/:rkey", load: async () => (await import("./pages/book-time.ts")).BookTimePage },
  {
    pattern: "/email/confirm",
    load: async () => (await import("./pages/email-links.ts")).EmailConfirmPage,
  },
  {
    pattern: "/email/unsubscribe",
    load: async () => (await import("./pages/email-links.ts")).EmailUnsubscribePage,
  },
  { pattern: "/bookings/:uid", load: async () => (await import("./pages/booking.ts")).BookingPage },
];

/** The route of a path; unknown paths get the 404 page. */
export function routeFor(pathname: string): { load: () => Promise<Page>; params: Params; key: string } {
  for (const route of routes) {
    const params = matchPath(route.pattern, pathname);
    // Two availabilities are two pages: their forms must not share state.
    if (params) return { load: route.load, params, key: `${route.pattern} ${JSON.stringify(params)}` };
  }
  return { load: loadNotFound, params: {}, key: pathname };
}

async function loadAvailability(): Promise<Page> {
  return (await import("./pages/availability.ts")).AvailabilityPage;
}

async function loadMeetingType(): Promise<Page> {
  return (await import("./pages/meeting-type.ts")).MeetingTypePage;
}

async function loadNotFound(): Promise<Page> {
  return (await import("./pages/not-found.ts")).NotFoundPage;
}
