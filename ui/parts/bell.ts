/** The bell: unread count, the list of notifications, marking them read. Hears when there is something to ask for, and asks now and then where it hears nothing. */

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { NotificationJson, NotificationListJson } from "../../worker/wire.ts";
import { call } from "../api.ts";
import { useLive } from "../live.ts";
import { useLoad, useRefresh } from "../load.ts";
import { notificationPlace, notificationTime } from "../notification-place.ts";
import { navigate } from "../router.ts";
import { useViewerTime } from "../viewer-time.ts";
import { Announce } from "./notice.ts";

/** The words between the other person and the meeting; a confirmation is told to either side, so it names nobody as its cause. */
const SENTENCES: Readonly<
  Record<NotificationJson["kind"], (who: unknown, what: unknown, isOfBooking: boolean) => unknown>
> = {
  "booking.requested": (who, what) => html`${who} asks for ${what}`,
  "booking.confirmed": (who, what) => html`${what} with ${who} is confirmed`,
  "booking.declined": (who, what) => html`${who} declined ${what}`,
  "booking.cancelled": (who, what) => html`${who} cancelled ${what}`,
  "booking.rescheduled": (who, what) => html`${who} moved ${what}`,
  "booking.expired": (who, what) => html`${what} with ${who} expired without an answer`,
  "booking.conflict": (who, what) => html`Something in your calendar clashes with ${what} with ${who}`,
  "booking.reminder": (who, what) => html`${what} with ${who} is coming up`,
  "calendar.broken": (_who, what) => html`Your calendar ${what} cannot be read`,
  "mail.bounced": (who, what, isOfBooking) =>
    isOfBooking
      ? html`Mail to ${who} about ${what} was returned`
      : "Mail to you was returned. Check your address in Settings.",
  "webhook.off": (_who, what) => html`Your webhook ${what} failed for too long and was turned off`,
};

export function Bell({ did }: { did: string }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useLoad(did, () => call<NotificationListJson>("GET", "/api/notifications"));
  const live = useLive("/api/notifications/live");
  useRefresh(() => void list.reload(), live.isUp ? 300 : 30);
  // The first message only says hello, but something may have come between the list and it.
  useEffect(() => live.listen(() => void list.reload()), [live.listen, list.reload]);
  const unread = list.value?.unread ?? 0;

  useEffect(() => {
    if (!open) return undefined;
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey);
    };
  }, [open]);

  const markRead = async (ids?: string[]): Promise<void> => {
    await call<{ unread: number }>("POST", "/api/notifications/read", ids ? { ids } : {});
    await list.reload();
  };
  const follow = (event: MouseEvent, notification: NotificationJson): void => {
    setOpen(false);
    if (!notification.readAt) void markRead([notification.id]);
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(notificationPlace(notification));
  };
  const toggle = (): void => {
    setOpen(!open);
    if (!open) void list.reload();
  };

  const label = unread === 0 ? "Notifications" : `Notifications, ${unread} unread`;
  return html`<div class="bell" ref=${box}>
    <button
      ref=${button}
      type="button"
      class="bell-button"
      aria-label=${label}
      aria-expanded=${open}
      aria-controls="bell-panel"
      onClick=${toggle}
    >
      <span class="bell-icon" aria-hidden="true"></span>
      ${unread > 0 && html`<span class="bell-count" aria-hidden="true">${unread > 99 ? "99+" : unread}</span>`}
    </button>
    <${Announce} text=${unread === 0 ? "" : `${unread} unread notifications`} />
    ${
      open &&
      html`<div id="bell-panel" class="bell-panel" role="region" aria-label="Notifications">
        <div class="bell-head">
          <strong>Notifications</strong>
          ${
            unread > 0 &&
            html`<button type="button" class="link-button" onClick=${() => markRead()}>
              Mark all as read
            </button>`
          }
        </div>
        <${NotificationList} list=${list} onFollow=${follow} />
      </div>`
    }
  </div>`;
}

interface NotificationListProps {
  list: ReturnType<typeof useLoad<NotificationListJson>>;
  onFollow: (event: MouseEvent, notification: NotificationJson) => void;
}

function NotificationList({ list, onFollow }: NotificationListProps) {
  const { zone, hourCycle } = useViewerTime();
  const notifications = list.value?.notifications ?? [];
  if (!list.value && list.failure)
    return html`<p class="bell-empty" role="alert">${list.failure.message}</p>`;
  if (list.loading) return html`<p class="bell-empty">Loading…</p>`;
  if (notifications.length === 0)
    return html`<p class="bell-empty">Nothing yet. You will hear about bookings here.</p>`;
  const now = Date.now();
  return html`<ul class="bell-list">
    ${notifications.map((each) => {
      const when = notificationTime(each, { zone, hourCycle, now });
      const sentence = SENTENCES[each.kind] ?? ((who, what) => html`${what} with ${who} changed`);
      const who = html`<bdi>@${each.otherHandle}</bdi>`;
      const what = html`<strong>${each.meetingTitle}</strong>`;
      return html`<li key=${each.id} class=${each.readAt ? "" : "is-unread"}>
        <a href=${notificationPlace(each)} onClick=${(event: MouseEvent) => onFollow(event, each)}>
          <span>${sentence(who, what, each.bookingUid !== undefined)}</span>
          <span class="hint">
            ${when} ${!each.readAt && html`<span class="visually-hidden">, unread</span>`}
          </span>
        </a>
      </li>`;
    })}
  </ul>`;
}
