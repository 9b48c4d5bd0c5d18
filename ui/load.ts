/** A page's data while it is fetched, when it came, and when it did not. Keeps old data visible during a reload. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Failure } from "./api.ts";
import { forgetSession } from "./session.ts";

export interface Loaded<Value> {
  value?: Value;
  failure?: Failure;
  loading: boolean;
  reload: () => Promise<void>;
  /** Puts a newer value in place, such as the answer to a change. */
  replace: (value: Value) => void;
}

/** Calls `ask` now and whenever `key` changes; an undefined key asks nothing. A late answer to an older key is dropped. */
export function useLoad<Value>(key: string | undefined, ask: () => Promise<Answer<Value>>): Loaded<Value> {
  const [state, setState] = useState<{ key?: string | undefined; value?: Value; failure?: Failure }>({});
  const latestKey = useRef(key);
  const latestAsk = useRef(ask);
  const turn = useRef(0);
  latestKey.current = key;
  latestAsk.current = ask;

  const reload = useCallback(async (): Promise<void> => {
    const asked = latestKey.current;
    if (asked === undefined) return;
    turn.current += 1;
    const mine = turn.current;
    const answer = await latestAsk.current();
    if (latestKey.current !== asked || turn.current !== mine) return;
    // The session ended by time or in another tab: the page asks to sign in again, and returns here.
    if (!answer.ok && answer.failure.status === 401) forgetSession();
    setState((before) => {
      if (answer.ok) return { key: asked, value: answer.value };
      const kept = before.key === asked && before.value !== undefined ? { value: before.value } : {};
      return { key: asked, ...kept, failure: answer.failure };
    });
  }, []);

  const replace = useCallback((value: Value): void => {
    // An answer still under way is older than what is put in place here.
    turn.current += 1;
    setState({ key: latestKey.current, value });
  }, []);

  useEffect(() => {
    void reload();
  }, [key]);

  const current = state.key === key ? state : {};
  return {
    ...(current.value === undefined ? {} : { value: current.value }),
    ...(current.failure === undefined ? {} : { failure: current.failure }),
    loading: key !== undefined && current.value === undefined && current.failure === undefined,
    reload,
    replace,
  };
}

/** Runs `task` every `seconds` while the page is visible, and when it comes back into view. */
export function useRefresh(task: () => void, seconds: number | undefined): void {
  const latest = useRef(task);
  latest.current = task;
  useEffect(() => {
    if (seconds === undefined) return undefined;
    const run = (): void => {
      if (document.visibilityState === "visible") latest.current();
    };
    const timer = setInterval(run, seconds * 1000);
    addEventListener("focus", run);
    document.addEventListener("visibilitychange", run);
    return () => {
      clearInterval(timer);
      removeEventListener("focus", run);
      document.removeEventListener("visibilitychange", run);
    };
  }, [seconds]);
}
