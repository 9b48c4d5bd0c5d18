/** A letter's HTML as text, by a program of others. */

import { simpleParser } from "mailparser";

/** What mailparser makes of a mail that has the HTML alone: words, and links as `words [address]`. Without any white space. */
export async function wordsOfHtml(html: string): Promise<string> {
  const headers = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n";
  const encoding = "Content-Transfer-Encoding: base64\r\n\r\n";
  const { text } = await simpleParser(headers + encoding + Buffer.from(html).toString("base64"));
  return withoutSpace(text ?? "");
}

export function withoutSpace(text: string): string {
  return text.replaceAll(/[\s\u200b]+/g, "");
}
