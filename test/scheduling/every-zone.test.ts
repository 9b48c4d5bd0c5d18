import { describe, expect, test, vi } from "vitest";
import type { MinuteTable } from "./minute-table.ts";
import { DAY_MS } from "./scenario.ts";
import { transitionsOf, zoneNames } from "./zone-transitions.ts";
import { disagreements, minutesAround } from "./zone-windows.ts";

vi.setConfig({ testTimeout: 120_000 });

describe("in every zone that the runtime knows", () => {
  test("windows and slots around every change of the clocks from 2024 to 2037 are what the minutes say", () => {
    // Zones that change at the same instant by the same amount have the same minutes; `npm run prove` asks each zone itself.
    const tables = new Map<string, MinuteTable>();
    const wrong: string[] = [];
    let changes = 0;
    for (const zone of zoneNames()) {
      for (const transition of transitionsOf(zone, 2024, 2037, DAY_MS)) {
        const key = `${transition.at} ${transition.offsetBefore} ${transition.offsetAfter}`;
        const table = tables.get(key) ?? minutesAround(transition);
        tables.set(key, table);
        wrong.push(...disagreements(zone, table));
        changes += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(changes).toBeGreaterThan(3000);
  });

  test("windows and slots of ordinary days are what the minutes say", () => {
    const wrong = zoneNames().flatMap((zone) =>
      disagreements(zone, minutesAround({ zone, at: Date.UTC(2026, 5, 10) })),
    );
    expect(wrong).toEqual([]);
  });
});
