/** Tables for a terminal. */

/** Every column as wide as its widest cell, aligned to the right, and the whole set in by two. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, ...rows];
  const widths = titles.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line) => `  ${widths.map((width, index) => (line[index] ?? "").padStart(width)).join("   ")}`)
    .join("\n");
}
