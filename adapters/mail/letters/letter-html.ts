/**
 * A letter as HTML that asks for nothing from anywhere. Styles stand where they are used, since mail programs take style sheets away. It has no
 * colours of its own but those that are legible on light and on dark, so it is dark where its reader's mail is. No I/O.
 */

import type { Fact, LetterParts, Link, Quote } from "./letter-parts.ts";
import { html, linkTo, type SafeHtml } from "./safe-html.ts";

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const BUTTON =
  "display:inline-block;padding:10px 18px;border-radius:8px;background:#1f4fd8;color:#ffffff;text-decoration:none;font-weight:600";
/** Of the colour of the words around it, so that it is legible on whatever a mail program shows those. */
const LINK = "color:inherit";
const CLOCK_RANGE = /(\d{1,2}:\d{2}(?: [ap]m)?–\d{1,2}:\d{2}(?: [ap]m)?)/;
const FADED = "opacity:0.8";

/** A whole document. */
export function htmlOf(parts: LetterParts): SafeHtml {
  const { heading, facts, paragraphs, quotes, actions } = parts;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>${heading}</title>
      </head>
      <body style="margin:0;padding:24px 16px;${FONT};font-size:16px;line-height:1.5">
        <div style="max-width:640px;margin:0 auto;overflow-wrap:anywhere">
          <h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">${heading}</h1>
          ${factTable(facts)} ${paragraphs.map((text) => html`<p style="margin:0 0 16px">${text}</p> `)}
          ${quotes.map(quoteBlock)} ${actionLinks(actions)} ${footerBlock(parts)}
        </div>
      </body>
    </html> `;
}

function factTable(facts: readonly Fact[]): SafeHtml | undefined {
  if (facts.length === 0) return undefined;
  return html`<table style="border-collapse:collapse;margin:0 0 16px">
    ${facts.map(
      ({ label, value, href }) =>
        html`<tr>
          <th
            scope="row"
            style="text-align:left;vertical-align:top;font-weight:400;padding:3px 16px 3px 0;white-space:nowrap;${FADED}"
          >
            ${label}
          </th>
          <td style="vertical-align:top;padding:3px 0">
            <bdi>${href === undefined ? unbrokenTimes(value) : linkTo({ label: value, href }, LINK)}</bdi>
          </td>
        </tr> `,
    )}
  </table>`;
}

/** `4:00 am–4:30 am` stays on one line. */
function unbrokenTimes(value: string): SafeHtml[] {
  return value
    .split(CLOCK_RANGE)
    .map((piece, index) =>
      index % 2 === 0 ? html`${piece}` : html`<span style="white-space:nowrap">${piece}</span>`,
    );
}

function quoteBlock({ label, text }: Quote): SafeHtml {
  return html`<p style="margin:0 0 4px">${label}:</p>
    <blockquote dir="auto" style="margin:0 0 16px;padding:0 12px;border-left:3px solid #8a94a6">
      ${text.split("\n").map((line, index) => (index === 0 ? html`${line}` : html`<br />${line}`))}
    </blockquote> `;
}

function actionLinks([first, ...others]: readonly Link[]): SafeHtml | undefined {
  if (first === undefined) return undefined;
  return html`<p style="margin:24px 0 12px">${linkTo(first, BUTTON)}</p>
    ${
      others.length > 0 &&
      html`<p style="margin:0 0 16px">
        ${others.map((link, index) => html`${index > 0 ? " · " : ""}${linkTo(link, LINK)}`)}
      </p>`
    }`;
}

function footerBlock({ footer, footerLink }: LetterParts): SafeHtml {
  return html`<p
    style="margin:24px 0 0;padding:12px 0 0;border-top:1px solid #8a94a6;font-size:14px;line-height:1.4;${FADED}"
  >
    ${footer.join(" ")} ${footerLink && linkTo(footerLink, LINK)}
  </p>`;
}
