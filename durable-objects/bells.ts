/** D1 with a bell: whoever a notification has just reached hears so on their open pages. A bell that fails costs them half a minute, not the notification. */

import type { Outside } from "./outbox.ts";

/** Delivers as `outside` does, and rings once for each recipient afterwards, waiting for nobody. `ring` is given a DID. */
export function withBells(outside: Outside, ring: (did: string) => Promise<void>): Outside {
  return {
    ...outside,
    async deliver(effects) {
      await outside.deliver(effects);
      const recipients = effects.flatMap((effect) =>
        effect.kind === "notify" ? effect.notification.recipientDid : [],
      );
      for (const did of new Set(recipients)) {
        // Their pages ask now and then in any case.
        void ring(did).catch(() => undefined);
      }
    },
  };
}
