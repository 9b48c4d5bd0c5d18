/** What the mail sink shows in a browser: a list, each message as text, and as the file it is. Shows no HTML of a message. */

import PostalMime from "postal-mime";
import type { SunkMessage } from "./mail-sink.ts";

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

const HTML = "text/html; charset=utf-8";

/** @param path `/`, `/3` or `/3.eml`, with messages counted from 1 */
export async function mailPage(messages: readonly SunkMessage[], path: string): Promise<Page> {
  if (path === "/") {
    const rows = await Promise.all(messages.map((message, at) => row(message, at + 1)));
    const list =
      rows.length === 0
        ? "<p>Nothing was sent yet.</p>"
        : `<table><tr><th>When<th>To<th>Subject<th></tr>${rows.toReversed().join("")}</table>`;
    return page(200, "Sent mail", `<p>This mail reached nobody: it was sent on this machine.</p>${list}`);
  }
  const [, number = "", ending] = /^\/(\d{1,9})(\.eml)?$/.exec(path) ?? [];
  const message = messages[Number(number) - 1];
  if (message === undefined) {
    return page(404, "No such message", '<p><a href="/">All messages</a></p>');
  }
  return ending === undefined
    ? await onePage(message, number)
    : { status: 200, type: "text/plain; charset=utf-8", body: message.raw };
}

async function row({ to, raw, receivedAt }: SunkMessage, number: number): Promise<string> {
  const { subject = "(no subject)" } = await PostalMime.parse(raw);
  const when = new Date(receivedAt).toISOString().slice(0, 19).replace("T", " ");
  return `<tr><td>${when}<td>${escaped(to.join(", "))}<td><a href="/${number}">${escaped(subject)}</a><td><a href="/${number}.eml">as it was sent</a></tr>`;
}

async function onePage({ from, to, raw }: SunkMessage, number: string): Promise<Page> {
  const { subject = "(no subject)", text = "", attachments } = await PostalMime.parse(raw);
  const files = attachments.map(({ mimeType, method }) =>
    method === undefined ? mimeType : `${mimeType}, ${method}`,
  );
  const facts = [`From ${from}`, `To ${to.join(", ")}`, ...files];
  return page(
    200,
    subject,
    `<ul>${facts.map((fact) => `<li>${escaped(fact)}`).join("")}</ul><pre>${withLinks(text)}</pre>
    <p><a href="/${number}.eml">As it was sent</a> · <a href="/">All messages</a></p>`,
  );
}

function page(status: number, title: string, content: string): Page {
  const style =
    "body{font:16px sans-serif;margin:2em}td,th{text-align:left;padding:.3em 1em .3em 0}pre{white-space:pre-wrap}";
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style><h1>${escaped(title)}</h1>${content}</html>`;
  return { status, type: HTML, body };
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
