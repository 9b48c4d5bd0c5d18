/** A person's name or handle as text that cannot disturb the words around it. */

import { html } from "htm/preact";

export function Handle({ person }: { person: { did: string; handle: string } }) {
  return html`<bdi class="handle" title=${person.did}>${handleText(person)}</bdi>`;
}

/** The same for labels and announcements, which are text only. */
export function handleText({ did, handle }: { did: string; handle: string }): string {
  return handle === "handle.invalid" ? did : `@${handle}`;
}

/** The first letter of a name, for the round badge. */
export function Avatar({ name }: { name: string }) {
  const [letter] = new Intl.Segmenter("en").segment(name.replace(/^@/, ""));
  return html`<span class="avatar" aria-hidden="true">${(letter?.segment ?? "?").toUpperCase()}</span>`;
}
