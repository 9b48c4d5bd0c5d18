/** A letter as plain text (RFC 3676 4.3 for what comes after `-- `). No I/O. */

import type { Fact, LetterParts, Link } from "./letter-parts.ts";

/** RFC 5322 2.1.1 */
const LINE_LENGTH = 78;

/** The parts in the order in which they are read, `\n` at the end of each line. Addresses and words of other people are never broken. */
export function textOf({
  heading,
  facts,
  paragraphs,
  quotes,
  actions,
  footer,
  footerLink,
}: LetterParts): string {
  const blocks = [
    wrapped(heading),
    factLines(facts),
    ...paragraphs.map((paragraph) => wrapped(paragraph)),
    ...quotes.map(({ label, text }) => `${label}:\n${text.replaceAll(/^/gm, "> ")}`),
    ...actions.map(linkLines),
    ["-- ", ...footer.map((sentence) => wrapped(sentence))].join("\n"),
    ...(footerLink ? [linkLines(footerLink)] : []),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function factLines(facts: readonly Fact[]): string {
  const width = Math.max(0, ...facts.map(({ label }) => label.length)) + 2;
  return facts
    .map(({ label, value, href }) => `${label}:`.padEnd(width) + (href ?? wrapped(value, width)))
    .join("\n");
}

function linkLines({ label, href }: Link): string {
  return `${label}:\n${href}`;
}

/** Lines that all begin at a column, the first one being there already. A word that is longer than a line stays whole. */
function wrapped(text: string, column = 0): string {
  const lines: string[] = [];
  for (const word of text.split(/ +/)) {
    const last = lines.at(-1);
    if (last !== undefined && column + last.length + 1 + word.length <= LINE_LENGTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.join(`\n${" ".repeat(column)}`);
}
