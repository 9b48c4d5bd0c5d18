/** What the mail sink shows in a browser: a list, and each message as HTML, as text, with what came along, and as the file it is. Runs nothing of a message. */

import PostalMime from "postal-mime";
import type { Attachment, Email } from "postal-mime";
import { MAIL_STYLE } from "./mail-style.ts";
import type { SunkMessage } from "./mail-sink.ts";

export interface Page {
  readonly status: number;
  readonly type: string;
  /** Its Content-Security-Policy. */
  readonly policy: string;
  readonly body: string | Buffer;
}

const HTML = "text/html; charset=utf-8";

const OUR_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'";

/** For what a message says in HTML: no script, no request, whether it is shown in our page or opened by itself. Its links open in a new tab. */
const THEIR_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** @param path `/`, `/3`, `/3.html` or `/3.eml`, with messages counted from 1 */
export async function mailPage(messages: readonly SunkMessage[], path: string): Promise<Page> {
  if (path === "/") {
    const rows = await Promise.all(messages.map((message, at) => row(message, at + 1)));
    const list =
      rows.length === 0
        ? '<p class="empty">Nothing was sent yet. This page looks again by itself.</p>'
        : `<ul class="list">${rows.toReversed().join("")}</ul>`;
    const content = `<p class="muted">It reached nobody: this mail stays on this machine.</p>${list}`;
    return page(200, "Sent mail", content, '<meta http-equiv="refresh" content="5">');
  }
  const [, number = "", ending] = /^\/(\d{1,9})(\.eml|\.html)?$/.exec(path) ?? [];
  const message = messages[Number(number) - 1];
  if (message === undefined) {
    return page(404, "No such message", '<p><a href="/">All messages</a></p>');
  }
  if (ending === ".eml") {
    return { status: 200, type: "text/plain; charset=utf-8", policy: OUR_POLICY, body: message.raw };
  }
  const email = await PostalMime.parse(message.raw);
  return ending === undefined ? onePage(message, email, number) : asHtml(email);
}

async function row({ to, raw, receivedAt }: SunkMessage, number: number): Promise<string> {
  const { subject = "(no subject)", attachments } = await PostalMime.parse(raw);
  const method = attachments.find((each) => each.method !== undefined)?.method;
  const badge = method === undefined ? "" : ` <span class="badge">${escaped(method)}</span>`;
  return `<li><span class="subject"><a href="/${number}">${escaped(subject)}</a>${badge}</span>
    <span class="muted">to ${escaped(to.join(", "))}</span> <time class="muted">${when(receivedAt)}</time></li>`;
}

function onePage({ from, to, receivedAt }: SunkMessage, email: Email, number: string): Page {
  const { subject = "(no subject)", text, html, attachments } = email;
  const facts = { From: from, To: to.join(", "), Sent: when(receivedAt) };
  const parts = [
    html === undefined
      ? ""
      : `<h2>HTML</h2><iframe title="The message as HTML" src="/${number}.html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`,
    text === undefined ? "" : `<h2>Plain text</h2><pre tabindex="0">${withLinks(text)}</pre>`,
    ...attachments.map(attached),
  ];
  return page(
    200,
    subject,
    `<p><a href="/">← All messages</a></p>
    <dl>${Object.entries(facts)
      .map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`)
      .join("")}</dl>${parts.join("")}
    <p><a href="/${number}.eml">As it was sent</a></p>`,
  );
}

/** Calendars can be read here; of other files it says that they came along. */
function attached({ mimeType, method, filename, content }: Attachment): string {
  const name = [mimeType, method, filename].filter((each) => each !== undefined && each !== null).join(", ");
  if (!/^(?:text\/|application\/ics)/.test(mimeType)) {
    return `<h2>File</h2><p>${escaped(name)}</p>`;
  }
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  return `<details><summary>${escaped(name)}</summary><pre tabindex="0">${escaped(text)}</pre></details>`;
}

function asHtml({ html = "" }: Email): Page {
  return { status: 200, type: HTML, policy: THEIR_POLICY, body: `<base target="_blank">${html}` };
}

function page(status: number, title: string, content: string, head = ""): Page {
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}
    <title>${escaped(title)}</title><style>${MAIL_STYLE}</style></head><body><main><h1>${escaped(title)}</h1>${content}</main></body></html>`;
  return { status, type: HTML, policy: OUR_POLICY, body };
}

/** In UTC, like the times in files. */
function when(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Its links can be followed, which is what most mail is for. */
function withLinks(text: string): string {
  return escaped(text).replaceAll(/https?:\/\/(?:(?!&quot;|&lt;|&gt;)[^\s<>])+/g, '<a href="$&">$&</a>');
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
