/** Looks at a page with axe, light on a desktop and dark on a phone. Says what is wrong; decides nothing about it. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
  }[];
}

const LOOKS = [
  { colorScheme: "light", width: 1280, height: 900 },
  { colorScheme: "dark", width: 390, height: 844 },
] as const;

const OPTIONS = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"] };

const script = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** One line per serious or critical violation of WCAG 2.1 A and AA, and for a page wider than its window; empty when all is well. */
export async function audit(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const { colorScheme, width, height } of LOOKS) {
    await page.setViewportSize({ width, height });
    // Colours that are still moving would be measured half way.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // The devtools protocol evaluates this, so the page's strict policy stays in force for its own scripts.
    await page.evaluate(await script);
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(OPTIONS)})`);
    for (const { id, impact, nodes } of violations) {
      if (impact !== "serious" && impact !== "critical") continue;
      for (const node of nodes) {
        found.push(
          `${colorScheme} ${width}: ${id} at ${node.target.join(" ")}: ${node.failureSummary ?? ""}`,
        );
      }
    }
    const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    if (overflow > 0) found.push(`${colorScheme} ${width}: ${overflow} px wider than the window`);
  }
  return found;
}
