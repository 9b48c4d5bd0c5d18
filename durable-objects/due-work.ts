/** What each timer of the authority is for, and what happens when the alarm rings. */

import { forgetOldAnswers } from "./answers.ts";
import { hasBookings, nextLapse } from "./booking-store.ts";
import { expireLapsed, nextReconciliation } from "./decisions.ts";
import type { Desk } from "./desk.ts";
import { CHANNEL_NAMES, type Channel, CHANNELS } from "./channels.ts";
import { type Outside, relayOutbox } from "./outbox.ts";
import { nextRelayAt } from "./outbox-store.ts";
import { renewChannels } from "./calendars/push-channels.ts";
import { refreshNext } from "./calendars/reading-calendars.ts";
import { type Reconciliation, reconcile } from "./reconciliation.ts";
import { nextReminderAt, remindDue } from "./reminders.ts";
import type { TimerKind } from "./timers.ts";
import type { Work } from "./work.ts";
import { mailOutside } from "./mail/mailing.ts";
import { webhookOutside } from "./webhooks/calling-webhooks.ts";
import { calendarOutside } from "./calendars/writing-calendars.ts";

/** Longer than any reconciliation is put off. */
const TWO_DAYS_MS = 2 * 24 * 60 * 60_000;

/**
 * Does what is due. Never throws: what fails backs off by itself, since the platform gives up after six tries. Where not even that
 * can be stored, the alarm stays where it was put before the work began.
 */
export async function answerAlarm(work: Work, now: number): Promise<void> {
  const { timers } = work.desk;
  timers.alarmRang(now);
  try {
    for (const kind of timers.due(now)) {
      try {
        await doDueWork(kind, work, now);
      } catch (error) {
        console.error("timer failed", kind, nameOf(error));
        timers.postpone(kind, now);
      }
    }
    setAlarm(work.desk, now);
  } catch (error) {
    console.error("the alarm could not be set", nameOf(error));
  }
}

/** Sets the alarm to what comes next, also after it was lost, or the clock was set back by hours. */
export function setAlarm({ timers }: Desk, now: number): void {
  for (const channel of CHANNEL_NAMES) {
    timers.bringBack(CHANNELS[channel].timer, now, CHANNELS[channel].longestDelayMs);
  }
  timers.bringBack("reconcile", now, TWO_DAYS_MS);
  timers.rearm();
}

/** Compares the authority with D1, mends what differs, and says in one line how it went. */
export async function reconcileAndTell(work: Work, now: number): Promise<Reconciliation> {
  const report = await reconcile(work, now);
  const isSound = report.unexplained === 0;
  console[isSound ? "log" : "error"]("reconciled with D1", work.history.hostDid, JSON.stringify(report));
  return report;
}

async function doDueWork(kind: TimerKind, work: Work, now: number): Promise<void> {
  const { desk, outside, transaction } = work;
  const { sql, timers } = desk;
  switch (kind) {
    case "relay-outbox": {
      const report = await relayOutbox(sql, "d1", outside, now);
      if (report.failed > 0) {
        console.warn("outbox: relay fell short", JSON.stringify(report));
      }
      if (report.isOutage) {
        timers.postpone(kind, now);
        return;
      }
      desk.pace.relayed(now);
      const next = nextRelayAt(sql, "d1", now);
      // What came while D1 was at work is gathered as well, unless there is more than one batch of it.
      timers.settle(kind, next === now && !report.isFull ? desk.pace.dueAt(now) : next);
      return;
    }
    case "expire-pending":
      transaction(() => {
        expireLapsed(desk, now);
        timers.settle(kind, nextLapse(sql));
      });
      return;
    case "expire-holds":
      transaction(() => {
        for (const freed of desk.holds.deleteExpired(now)) {
          desk.announce("freed", freed);
        }
        timers.settle(kind, desk.holds.nextExpiry());
      });
      return;
    case "forget-answers":
      timers.settle(kind, forgetOldAnswers(sql, now));
      return;
    case "refresh-calendars":
      await refreshNext(work.calendars(), now);
      timers.settle(kind, desk.connections.nextToRead()?.at);
      return;
    case "write-calendar":
      return relayChannel("calendar", desk, calendarOutside(work.calendars()), now);
    case "send-mail":
      return relayChannel("mail", desk, mailOutside(work), now);
    case "call-webhooks":
      return relayChannel("webhook", desk, webhookOutside(work), now);
    case "renew-channels":
      timers.settle(kind, await renewChannels(work.calendars(), now));
      return;
    case "remind":
      transaction(() => {
        remindDue(desk, now);
        timers.settle(kind, nextReminderAt(sql));
      });
      return;
    case "reconcile":
      await reconcileAndTell(work, now);
      timers.settle(kind, hasBookings(sql) ? nextReconciliation(now) : undefined);
      return;
  }
}

/** Relays a batch of a channel whose effects go one at a time, and sets its timer to what comes next. */
async function relayChannel(
  channel: Channel,
  { sql, timers }: Desk,
  outside: Outside,
  now: number,
): Promise<void> {
  const { isOutage, retryAfterMs } = await relayOutbox(sql, channel, outside, now);
  const { timer } = CHANNELS[channel];
  // Waiting for answers takes time: whoever asked to be left alone did so at the end of it, and what became due meanwhile has its turn first.
  const after = Math.max(now, Date.now());
  if (isOutage) {
    timers.postpone(timer, after, retryAfterMs);
  } else {
    timers.settle(timer, nextRelayAt(sql, channel, after));
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
