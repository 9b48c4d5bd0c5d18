/** Saves what a host changes about their calendars, one change after the other, and takes back what could not be saved. */

import { useRef, useState } from "preact/hooks";
import type { ConnectionJson, ConnectionListJson } from "../worker/wire.ts";
import { call, type Failure } from "./api.ts";
import { answered, changed, choiceOf, type CalendarChange } from "./calendar-choice.ts";
import { CONNECTIONS } from "./connections.ts";
import { inTurn } from "./in-turn.ts";
import type { Loaded } from "./load.ts";
import { segment } from "./router.ts";
import { forgetSession } from "./session.ts";

export interface ChangeResult {
  readonly state: "saving" | "saved" | "failed";
  /** Why it failed. */
  readonly message?: string;
}

export interface CalendarChanges {
  /** The connections with what is being saved done already. */
  readonly connections: readonly ConnectionJson[];
  readonly change: (change: CalendarChange) => void;
  /** What became of the last change to which calendars of a connection block. */
  readonly blocksResult: (connectionId: string) => ChangeResult | undefined;
  /** What became of the last change to which calendar takes bookings. */
  readonly takesResult: ChangeResult | undefined;
  /** Puts a connection that is new, or that was answered anew, in its place. */
  readonly put: (connection: ConnectionJson) => void;
  readonly remove: (connectionId: string) => void;
}

const TAKES = "takes";

export function useCalendarChanges(list: Loaded<ConnectionListJson>): CalendarChanges {
  const [waiting, setWaiting] = useState<readonly CalendarChange[]>([]);
  const [results, setResults] = useState<Readonly<Record<string, ChangeResult>>>({});
  const queue = useRef(inTurn());
  // Each change is sent on top of what the one before it was answered with, and not of what was shown when it was made.
  const confirmed = useRef(list.value);
  confirmed.current = list.value;

  const edit = (how: (before: readonly ConnectionJson[]) => ConnectionJson[]): void => {
    if (!confirmed.current) return;
    confirmed.current = { ...confirmed.current, connections: how(confirmed.current.connections) };
    list.replace(confirmed.current);
  };

  const send = async (wish: CalendarChange): Promise<Failure | undefined> => {
    const wanted = changed(confirmed.current?.connections ?? [], wish).find(
      ({ id }) => id === wish.connectionId,
    );
    // It was disconnected meanwhile.
    if (!wanted) return undefined;
    const path = `${CONNECTIONS}/${segment(wish.connectionId)}`;
    const answer = await call<{ connection: ConnectionJson }>("PUT", path, choiceOf(wanted));
    if (answer.ok) {
      edit((before) => answered(before, answer.value.connection));
      return undefined;
    }
    if (answer.failure.status === 401) forgetSession();
    return answer.failure;
  };

  const change = (wish: CalendarChange): void => {
    const key = wish.kind === "takes" ? TAKES : wish.connectionId;
    const note = (result: ChangeResult): void => setResults((before) => ({ ...before, [key]: result }));
    setWaiting((before) => [...before, wish]);
    note({ state: "saving" });
    void queue.current(async () => {
      const failure = await send(wish);
      setWaiting((before) => before.filter((each) => each !== wish));
      note(failure ? { state: "failed", message: failure.message } : { state: "saved" });
    });
  };

  return {
    connections: waiting.reduce<readonly ConnectionJson[]>(changed, list.value?.connections ?? []),
    change,
    blocksResult: (connectionId) => results[connectionId],
    takesResult: results[TAKES],
    put: (connection) => edit((before) => answered(before, connection)),
    remove: (connectionId) => edit((before) => before.filter(({ id }) => id !== connectionId)),
  };
}
