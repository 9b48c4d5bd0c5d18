/** Looks on at what changes while the page is visible, and asks for what is shown again when it changed. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { LiveJson } from "../worker/wire.ts";
import { reloadDelayMs, touches, type ShownRange } from "./live-changes.ts";
import { liveConnection } from "./live-connection.ts";
import { useRefresh } from "./load.ts";
import { segment } from "./router.ts";

type Listener = (message: LiveJson) => void;

export interface Live {
  /** Whether changes are told as they happen; otherwise whoever wants to know asks now and then. */
  readonly isUp: boolean;
  /** Answers how to stop listening. */
  readonly listen: (listener: Listener) => () => void;
}

/** Where the times of a host are told. */
export function hostLivePath(hostDid: string): string {
  return `/api/hosts/${segment(hostDid)}/live`;
}

/** `path` on this origin, where messages come as `LiveJson` says. */
export function useLive(path: string): Live {
  const [isUp, setUp] = useState(false);
  const listeners = useRef(new Set<Listener>());
  useEffect(() => {
    const connection = liveConnection(path, {
      onUp: setUp,
      onMessage(message) {
        for (const listener of listeners.current) listener(message);
      },
    });
    const follow = (): void =>
      document.visibilityState === "visible" ? connection.open() : connection.close();
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      connection.close();
    };
  }, [path]);
  const listen = useCallback((listener: Listener) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);
  return { isUp, listen };
}

const POLL_SECONDS = 30;
/** For what a socket that died without a word did not tell. */
const POLL_SECONDS_WHILE_UP = 300;

/** Runs `reload` a moment after something in the range changed, and every now and then; never without a range. */
export function useLiveReload(live: Live, range: ShownRange | undefined, reload: () => void): void {
  const latest = useRef({ range, reload });
  latest.current = { range, reload };
  useRefresh(() => latest.current.reload(), range && (live.isUp ? POLL_SECONDS_WHILE_UP : POLL_SECONDS));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = live.listen((message) => {
      const shown = latest.current.range;
      if (timer !== undefined || !shown || !touches(message, shown)) return;
      timer = setTimeout(() => {
        timer = undefined;
        if (latest.current.range) latest.current.reload();
      }, reloadDelayMs(Math.random()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [live.listen]);
}
