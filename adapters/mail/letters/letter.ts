/** A letter as plain text and as HTML, made of the same parts: whoever reads only one of them misses nothing. No I/O. */

import { html, type SafeHtml } from "./safe-html.ts";

export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** How the reader reads times. */
export interface Reader {
  /** IANA zone. */
  readonly timeZone: string;
  /** Absent: 24 hours. */
  readonly hourCycle?: "h12" | "h23";
  /** False: it is the host's zone, because theirs is not known. */
  readonly isOwnZone: boolean;
}

export interface Link {
  readonly label: string;
  readonly href: string;
}

/** All texts are plain; those of other people stand in `facts` and `quotes` only, and in the headings as far as they are names. */
export interface LetterParts {
  readonly subject: string;
  readonly heading: string;
  /** Sentences. */
  readonly intro: readonly string[];
  readonly facts: readonly { readonly label: string; readonly value: string; readonly href?: string }[];
  /** What somebody wrote: set apart, so that it is not taken for our own words. */
  readonly quotes: readonly { readonly label: string; readonly text: string }[];
  /** The first one is what the reader most likely wants. */
  readonly actions: readonly Link[];
  /** Small print. */
  readonly footer: readonly string[];
  readonly footerLink?: Link;
}

/** RFC 5322 2.1.1 */
const LINE_LENGTH = 78;

export function letterOf(parts: LetterParts): Letter {
  return { subject: parts.subject, text: textOf(parts), html: htmlOf(parts).toString() };
}

function textOf({ heading, intro, facts, quotes, actions, footer, footerLink }: LetterParts): string {
  const width = Math.max(0, ...facts.map(({ label }) => label.length)) + 2;
  const blocks = [
    wrapped(heading),
    ...intro.map(wrapped),
    facts.map(({ label, value }) => `${`${label}:`.padEnd(width)}${value}`).join("\n"),
    ...quotes.map(({ label, text }) => `${label}:\n${text.replaceAll(/^/gm, "> ")}`),
    actions.map(({ label, href }) => `${label}:\n${href}`).join("\n\n"),
    ["-- ", ...footer.map(wrapped), ...(footerLink ? [`${footerLink.label}:\n${footerLink.href}`] : [])].join(
      "\n",
    ),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/** Lines of our own words; a word that is longer than a line stays whole. */
function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE_LENGTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.join("\n");
}

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Styles stand where they are used, since mail programs take style sheets away. Without a background of its own it is dark where its reader's is. */
function htmlOf({ heading, intro, facts, quotes, actions, footer, footerLink }: LetterParts): SafeHtml {
  const [first, ...others] = actions;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>${heading}</title>
      </head>
      <body style="margin:0;padding:24px 16px;${FONT};font-size:16px;line-height:1.5">
        <div style="max-width:560px;margin:0 auto">
          <h1 style="font-size:20px;line-height:1.3;margin:0 0 12px">${heading}</h1>
          ${intro.map((sentence) => html`<p style="margin:0 0 12px">${sentence}</p> `)}${
            facts.length > 0
              ? html`<table role="presentation" style="border-collapse:collapse;margin:0 0 16px;width:100%">
                  ${facts.map((fact) => factRow(fact))}
                </table> `
              : undefined
          }${quotes.map(
            ({ label, text }) =>
              html`<p style="margin:0 0 4px"><strong>${label}</strong></p>
                <blockquote
                  style="margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #8a94a6;white-space:pre-wrap;overflow-wrap:anywhere"
                >
                  ${text}
                </blockquote> `,
          )}${
            first
              ? html`<p style="margin:0 0 12px">
                  <a
                    href="${first.href}"
                    style="display:inline-block;padding:10px 18px;border-radius:8px;background:#1f4fd8;color:#ffffff;text-decoration:none;font-weight:600"
                    >${first.label}</a
                  >
                </p> `
              : undefined
          }${
            others.length > 0
              ? html`<p style="margin:0 0 16px">
                  ${others.map(
                    ({ label, href }, index) => html`${index > 0 ? " · " : ""}<a href="${href}">${label}</a>`,
                  )}
                </p> `
              : undefined
          }
          <p
            style="margin:24px 0 0;padding:12px 0 0;border-top:1px solid #8a94a6;font-size:13px;color:#6b7280"
          >
            ${footer.join(" ")}${
              footerLink
                ? html` <a href="${footerLink.href}" style="color:inherit">${footerLink.label}</a>`
                : undefined
            }
          </p>
        </div>
      </body>
    </html> `;
}

function factRow({ label, value, href }: LetterParts["facts"][number]): SafeHtml {
  const shown = href === undefined ? html`${value}` : html`<a href="${href}">${value}</a>`;
  return html`<tr>
    <th
      scope="row"
      style="text-align:left;vertical-align:top;font-weight:400;padding:2px 16px 2px 0;white-space:nowrap;color:#6b7280"
    >
      ${label}
    </th>
    <td style="padding:2px 0;overflow-wrap:anywhere">${shown}</td>
  </tr> `;
}
