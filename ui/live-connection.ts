/** A WebSocket that comes back by itself and goes on where it was. Knows no page; where sockets are refused it stays down and keeps trying. */

import type { LiveJson } from "../worker/wire.ts";
import { liveMessage, retryDelayMs } from "./live-changes.ts";

interface LiveListener {
  onMessage: (message: LiveJson) => void;
  onUp: (isUp: boolean) => void;
}

export interface LiveConnection {
  readonly open: () => void;
  /** May be opened again, and then tells what happened since. */
  readonly close: () => void;
}

/** `path` is on this origin. Closed until it is opened. */
export function liveConnection(path: string, { onMessage, onUp }: LiveListener): LiveConnection {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let seq: number | undefined;
  let failures = 0;
  let isWanted = false;

  const connect = (): void => {
    timer = undefined;
    const opened = openSocket(path, seq);
    socket = opened;
    if (!opened) {
      retry();
      return;
    }
    let isUp = false;
    opened.addEventListener("message", ({ data }) => {
      const message = liveMessage(data);
      if (!message || socket !== opened) return;
      // What happened while the first attempts failed was told to nobody here.
      const hasMissed = seq === undefined && failures > 0;
      seq = message.seq;
      failures = 0;
      if (!isUp) onUp(true);
      isUp = true;
      onMessage(hasMissed ? { ...message, isReset: true } : message);
    });
    opened.addEventListener("close", () => {
      if (socket !== opened) return;
      socket = undefined;
      if (isUp) onUp(false);
      retry();
    });
  };
  const retry = (): void => {
    timer = setTimeout(connect, retryDelayMs(failures, Math.random()));
    failures += 1;
  };

  return {
    open() {
      if (isWanted) return;
      isWanted = true;
      connect();
    },
    close() {
      isWanted = false;
      clearTimeout(timer);
      const closing = socket;
      socket = undefined;
      closing?.close();
      onUp(false);
    },
  };
}

/** Undefined where the browser or a policy allows no sockets at all. */
function openSocket(path: string, after: number | undefined): WebSocket | undefined {
  try {
    const address = location.origin.replace(/^http/, "ws") + path;
    return new WebSocket(after === undefined ? address : `${address}?after=${after}`);
  } catch {
    return undefined;
  }
}
