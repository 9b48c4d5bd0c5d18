/** How long a time is still held, and what to do when it no longer is. Says aloud only when it begins, at one minute, and at the end. */

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { clockTime } from "../clock-format.ts";
import { isLastMinute, timeLeft } from "../hold.ts";
import type { HoldView } from "../hold-keeper.ts";
import { useViewerTime } from "../viewer-time.ts";
import { Announce } from "./notice.ts";

interface HoldNoticeProps {
  hold: HoldView;
  onAgain: () => void;
}

const OVER = "Your five minutes are over; the time may be gone. You can still try.";

export function HoldNotice({ hold, onAgain }: HoldNoticeProps) {
  const { zone, hourCycle } = useViewerTime();
  const end = hold.state === "held" ? hold.runsOutAt : undefined;
  const msLeft = useMsUntil(end);
  const isShort = isLastMinute(msLeft);

  const aloud = (): string => {
    if (hold.state === "over") return OVER;
    if (end === undefined) return "";
    return isShort
      ? "This time is held for you for one more minute."
      : `This time is held for you until ${clockTime(end, zone, hourCycle)}.`;
  };
  return html`<div class="hold-notice">
    ${hold.state === "asking" && html`<p class="hold">Holding this time for you…</p>`}
    ${
      hold.state === "unheld" &&
      html`<p class="hold">This time is not held for you meanwhile, but you can book it.</p>`
    }
    ${
      hold.state === "held" &&
      html`<p class=${isShort ? "hold hold-short" : "hold hold-on"}>
        <span>Held for you for <span role="timer" class="hold-time">${timeLeft(msLeft)}</span></span>
      </p>`
    }
    ${
      hold.state === "over" &&
      html`<div class="notice notice-warn">
        <p>${OVER}</p>
        <button type="button" class="button button-small" onClick=${onAgain}>Hold it again</button>
      </div>`
    }
    <${Announce} text=${aloud()} />
  </div>`;
}

/** Milliseconds until an instant, counted down every second; 0 without one. */
function useMsUntil(end: number | undefined): number {
  const [, tick] = useState(0);
  useEffect(() => {
    if (end === undefined) return undefined;
    const timer = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [end]);
  // Of this moment, and not of the last tick: between the two a hold can begin.
  return end === undefined ? 0 : end - Date.now();
}
