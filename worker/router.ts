/** The route table: every path this broker answers, and the operation a bearer token must name to call it. */

import { Router } from "itty-router";
import type { IRequest } from "itty-router";
import { answer, answerBug, secure } from "./call.ts";
import { errorResponse } from "./errors.ts";
import { exportAccount } from "./routes/account.ts";
import { callback, login, logout, session } from "./routes/auth.ts";
import {
  createAvailability,
  deleteAvailability,
  listAvailability,
  updateAvailability,
} from "./routes/availability.ts";
import { endBookingFeed, getBookingFeed, makeBookingFeed, readBookingFeed } from "./routes/booking-feed.ts";
import {
  cancelBooking,
  confirmBooking,
  declineBooking,
  getBooking,
  listOwnBookings,
  requestBooking,
  rescheduleBooking,
} from "./routes/bookings.ts";
import { createBlock, deleteBlock, listBlocks } from "./routes/blocks.ts";
import {
  connectCalendars,
  disconnectCalendars,
  giveCalendarAccess,
  chooseCalendars,
  listCalendars,
  listConflicts,
  refreshCalendars,
} from "./routes/calendars.ts";
import {
  askForEmail,
  confirmEmail,
  deleteEmail,
  getEmail,
  getEmailLink,
  putEmail,
  refuseEmail,
  showUnsubscribe,
  unsubscribeEmail,
  unsubscribeOneClick,
} from "./routes/email.ts";
import { explainSlots } from "./routes/explanation.ts";
import { holdSlot, releaseHold } from "./routes/holds.ts";
import { askGoogle, comeBackFromGoogle, pushedByGoogle } from "./routes/google.ts";
import { getHost, getSlots } from "./routes/hosts.ts";
import { watchHost, watchNotifications } from "./routes/live.ts";
import {
  createMeetingType,
  deleteMeetingType,
  listMeetingTypes,
  updateMeetingType,
} from "./routes/meeting-types.ts";
import { listMoves } from "./routes/moves.ts";
import { getNotifications, readNotifications } from "./routes/notifications.ts";
import {
  getOutbox,
  listHosts,
  listPeople,
  operator,
  rebuildHost,
  reconcileHost,
  resealSecrets,
  retryOutbox,
} from "./routes/operator.ts";
import { getSettings, putSettings } from "./routes/settings.ts";
import { getPage } from "./routes/pages.ts";
import {
  addWebhook,
  enableWebhook,
  listWebhooks,
  pingWebhook,
  removeWebhook,
  replayToWebhook,
} from "./routes/webhooks.ts";
import { clientMetadata, didDocument, jwks } from "./routes/well-known.ts";
import { type SignedInCall, signedIn } from "./signed-in.ts";

/** A route for signed-in people; a bearer token must name `social.schedule.<operation>`. */
function person(operation: string, handler: (call: SignedInCall) => Promise<Response>) {
  return answer(signedIn(`social.schedule.${operation}`, handler));
}

export const router = Router<IRequest & Request, [Env]>({ catch: answerBug, finally: [secure] });

router
  .get("/api/hosts/:actor", answer(getHost))
  .get("/api/hosts/:actor/slots", answer(getSlots))
  .get("/api/hosts/:actor/explanation", answer(explainSlots))
  .get("/api/hosts/:actor/live", answer(watchHost))

  .post("/api/holds", person("holdSlot", holdSlot))
  .delete("/api/holds/:id", person("releaseHold", releaseHold))

  .get("/api/bookings", person("listBookings", listOwnBookings))
  .post("/api/bookings", person("requestBooking", requestBooking))
  .get("/api/bookings/:uid", person("getBooking", getBooking))
  .get("/api/bookings/:uid/moves", person("listMoves", listMoves))
  .post("/api/bookings/:uid/confirm", person("confirmBooking", confirmBooking))
  .post("/api/bookings/:uid/decline", person("declineBooking", declineBooking))
  .post("/api/bookings/:uid/cancel", person("cancelBooking", cancelBooking))
  .post("/api/bookings/:uid/reschedule", person("rescheduleBooking", rescheduleBooking))

  .get("/api/availability", person("listAvailability", listAvailability))
  .post("/api/availability", person("createAvailability", createAvailability))
  .put("/api/availability/:rkey", person("updateAvailability", updateAvailability))
  .delete("/api/availability/:rkey", person("deleteAvailability", deleteAvailability))
  .get("/api/meeting-types", person("listMeetingTypes", listMeetingTypes))
  .post("/api/meeting-types", person("createMeetingType", createMeetingType))
  .put("/api/meeting-types/:rkey", person("updateMeetingType", updateMeetingType))
  .delete("/api/meeting-types/:rkey", person("deleteMeetingType", deleteMeetingType))

  .get("/api/notifications", person("listNotifications", getNotifications))
  .get("/api/notifications/live", person("watchNotifications", watchNotifications))
  .post("/api/notifications/read", person("readNotifications", readNotifications))
  .get("/api/settings", person("getSettings", getSettings))
  .put("/api/settings", person("updateSettings", putSettings))
  .get("/api/blocks", person("listBlocks", listBlocks))
  .post("/api/blocks", person("createBlock", createBlock))
  .delete("/api/blocks/:did", person("deleteBlock", deleteBlock))
  .get("/api/calendar/connections", person("listCalendars", listCalendars))
  .post("/api/calendar/connections", person("connectCalendars", connectCalendars))
  .put("/api/calendar/connections/:id", person("chooseCalendars", chooseCalendars))
  .put("/api/calendar/connections/:id/access", person("giveCalendarAccess", giveCalendarAccess))
  .post("/api/calendar/connections/:id/refresh", person("refreshCalendars", refreshCalendars))
  .delete("/api/calendar/connections/:id", person("disconnectCalendars", disconnectCalendars))
  .get("/api/calendar/conflicts", person("listConflicts", listConflicts))
  .post("/api/calendar/google", person("askGoogle", askGoogle))
  .get("/api/calendar/google/callback", answer(comeBackFromGoogle))
  .post("/api/calendar/google/push", answer(pushedByGoogle))
  .get("/api/booking-feed", person("getBookingFeed", getBookingFeed))
  .post("/api/booking-feed", person("makeBookingFeed", makeBookingFeed))
  .delete("/api/booking-feed", person("endBookingFeed", endBookingFeed))
  .get("/api/booking-feed/:file", answer(readBookingFeed))
  .get("/api/webhooks", person("listWebhooks", listWebhooks))
  .post("/api/webhooks", person("addWebhook", addWebhook))
  .delete("/api/webhooks/:id", person("removeWebhook", removeWebhook))
  .post("/api/webhooks/:id/ping", person("pingWebhook", pingWebhook))
  .post("/api/webhooks/:id/enable", person("enableWebhook", enableWebhook))
  .post("/api/webhooks/:id/deliveries/:delivery/replay", person("replayToWebhook", replayToWebhook))
  .get("/api/email", person("getEmail", getEmail))
  .post("/api/email", person("askForEmail", askForEmail))
  .put("/api/email", person("updateEmail", putEmail))
  .delete("/api/email", person("removeEmail", deleteEmail))
  .post("/api/email/link", answer(getEmailLink))
  .post("/api/email/confirm", answer(confirmEmail))
  .post("/api/email/refuse", answer(refuseEmail))
  .post("/api/email/unsubscribe", answer(unsubscribeEmail))
  .post("/api/email/unsubscribe/:token", answer(unsubscribeOneClick))
  .get("/api/email/unsubscribe/:token", answer(showUnsubscribe))
  .get("/api/account/export", person("exportAccount", exportAccount))

  .get("/api/operator/hosts", answer(operator(listHosts)))
  .get("/api/operator/people", answer(operator(listPeople)))
  .get("/api/operator/hosts/:host/outbox", answer(operator(getOutbox)))
  .post("/api/operator/hosts/:host/outbox/retry", answer(operator(retryOutbox)))
  .post("/api/operator/hosts/:host/rebuild", answer(operator(rebuildHost)))
  .post("/api/operator/hosts/:host/reconcile", answer(operator(reconcileHost)))
  .post("/api/operator/hosts/:host/reseal", answer(operator(resealSecrets)))

  .post(
    "/api/auth/login",
    answer(({ request, env }) => login(request, env)),
  )
  .get(
    "/api/auth/callback",
    answer(({ request, env }) => callback(request, env)),
  )
  .get(
    "/api/auth/session",
    answer(({ request, env }) => session(request, env)),
  )
  .post(
    "/api/auth/logout",
    answer(({ request, env }) => logout(request, env)),
  )
  .get(
    "/oauth/client-metadata.json",
    answer(({ request, env }) => clientMetadata(request, env)),
  )
  .get(
    "/oauth/jwks.json",
    answer(({ request, env }) => jwks(request, env)),
  )
  .get(
    "/.well-known/did.json",
    answer(({ request, env }) => didDocument(request, env)),
  )

  .get("*", answer(getPage))
  .all("*", () =>
    errorResponse(404, "NotFound", "There is nothing at this address with this method. Check the path."),
  );
