/** The zone and clock this reader sees: their choice in this tab, else their saved settings, else the browser's. Decides no rule. */

import { useEffect } from "preact/hooks";
import type { SettingsJson } from "../worker/wire.ts";
import { call, type Answer } from "./api.ts";
import { browserHourCycle, browserZone, isUsableZone, type HourCycle } from "./clock-format.ts";
import { forgetSession, useSession } from "./session.ts";
import { createStore } from "./store.ts";

const CHOICE_KEY = "viewer-time";

const chosen = createStore<SettingsJson>(readChoice());
const saved = createStore<SettingsJson | undefined>(undefined);
let askedFor: string | undefined;

export interface ViewerTime {
  zone: string;
  hourCycle: HourCycle;
  /** For this tab only; `/settings` saves. */
  choose: (choice: SettingsJson) => void;
}

/** The reader's zone and clock; asks for the saved settings once somebody is signed in. */
export function useViewerTime(): ViewerTime {
  const session = useSession();
  const did = session.state === "in" ? session.account.did : undefined;
  useEffect(() => {
    if (did === undefined || askedFor === did) return;
    askedFor = did;
    void call<{ settings: SettingsJson }>("GET", "/api/settings").then((answer) => {
      if (answer.ok) saved.set(answer.value.settings);
    });
  }, [did]);
  const settings = saved.use();
  const mine = did === undefined ? undefined : settings;
  const choice = chosen.use();
  const zone = [choice.timeZone, mine?.timeZone].find((each) => each !== undefined && isUsableZone(each));
  return {
    zone: zone ?? browserZone(),
    hourCycle: choice.hourCycle ?? mine?.hourCycle ?? browserHourCycle(),
    choose(next) {
      chosen.set({ ...chosen.get(), ...next });
      writeChoice(chosen.get());
    },
  };
}

/** The settings as saved with the account, or undefined until they came. */
export function useSavedSettings(): SettingsJson | undefined {
  return saved.use();
}

/**
 * Changes some settings of the account; this tab then follows them. The worker replaces them all, so the others are asked for
 * first: another tab, or the other form of the page, may have changed them.
 */
export async function changeSettings(change: SettingsJson): Promise<Answer<{ settings: SettingsJson }>> {
  const current = await call<{ settings: SettingsJson }>("GET", "/api/settings");
  const answer = current.ok
    ? await call<{ settings: SettingsJson }>("PUT", "/api/settings", { ...current.value.settings, ...change })
    : current;
  if (answer.ok) {
    saved.set(answer.value.settings);
    if (change.timeZone !== undefined || change.hourCycle !== undefined) {
      chosen.set({});
      writeChoice({});
    }
  } else if (answer.failure.status === 401) forgetSession();
  return answer;
}

function readChoice(): SettingsJson {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(CHOICE_KEY) ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    const { timeZone, hourCycle } = kept as Record<string, unknown>;
    return {
      ...(typeof timeZone === "string" ? { timeZone } : {}),
      ...(hourCycle === "h12" || hourCycle === "h23" ? { hourCycle } : {}),
    };
  } catch {
    return {};
  }
}

function writeChoice(choice: SettingsJson): void {
  try {
    sessionStorage.setItem(CHOICE_KEY, JSON.stringify(choice));
  } catch {
    // The choice then lasts as long as this document.
  }
}
