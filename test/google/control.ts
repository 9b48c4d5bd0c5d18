/** What tests and the local run do to the stand-in, in process or by `POST /_control/<name>` with the argument as JSON. */

import { z } from "zod";
import { addFault } from "./faults.ts";
import type { FaultSpec } from "./faults.ts";
import { revoke } from "./grants.ts";
import { plant } from "./seeds.ts";
import type { Seed } from "./seeds.ts";
import type { Call, Delivery, State } from "./state.ts";

export const Whose = z.object({ email: z.string(), clientId: z.string().optional() });
export const CallFilter = z.object({
  /** Part of the path. */
  path: z.string().optional(),
  method: z.string().optional(),
  /** Google's name of the method. */
  api: z.string().optional(),
});

export interface Control {
  /** Adds clients, accounts, calendars, listings and events; an account or calendar that is there already starts anew. */
  seed(seed: Seed): { readonly eventIds: string[] };
  /** Lets the next calls that match meet a fault; the first that was added and matches counts. */
  fail(fault: FaultSpec): void;
  /** Takes all faults back. */
  heal(): void;
  /** The calls so far, oldest first. */
  calls(filter?: z.infer<typeof CallFilter>): readonly Call[];
  forgetCalls(): void;
  /** The person takes the access back. Returns how many grants that ended. */
  revokeGrant(whose: z.infer<typeof Whose>): number;
  /** Access tokens end now, refresh tokens do not. */
  expireAccessTokens(): void;
  /** Sync tokens given so far get 410. */
  expireSyncTokens(): void;
  /** Notifications get lost from now on, or no longer. */
  dropNotifications(choice: { readonly isOn: boolean }): void;
  /** Notifications so far, oldest first. */
  deliveries(): readonly Delivery[];
  /** Waits until no notification is on its way. */
  settled(): Promise<void>;
  /** Moves the clock on. */
  advance(by: { readonly ms: number }): void;
}

/** @param advanceClock moves the state's clock on, in ms */
export function createControl(state: State, advanceClock: (ms: number) => void): Control {
  return {
    seed: (seed) => plant(state, seed),
    fail: (fault) => addFault(state, fault),
    heal: () => void state.faults.splice(0),
    calls: ({ path = "", method, api } = {}) =>
      state.calls.filter(
        (call) =>
          call.path.includes(path) &&
          (method === undefined || call.method === method) &&
          (api === undefined || call.api === api),
      ),
    forgetCalls: () => void state.calls.splice(0),
    revokeGrant: ({ email, clientId }) => {
      const ended = state.grants.filter(
        (grant) =>
          !grant.isRevoked &&
          grant.email === email &&
          (clientId === undefined || grant.clientId === clientId),
      );
      for (const grant of ended) revoke(state, grant);
      return ended.length;
    },
    expireAccessTokens: () => {
      for (const token of state.accessTokens.values())
        token.expiresAt = Math.min(token.expiresAt, state.now());
    },
    expireSyncTokens: () => {
      state.revision += 1;
      state.syncFloor = state.revision;
    },
    dropNotifications: ({ isOn }) => {
      state.dropsNotifications = isOn;
    },
    deliveries: () => state.deliveries,
    settled: async () => {
      while (state.sending.size > 0) await Promise.all(state.sending);
    },
    advance: ({ ms }) => advanceClock(ms),
  };
}
