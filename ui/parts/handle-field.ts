/** A field for somebody's handle: no capitals and no corrections from a phone's keyboard. Holds no value. */

import { html } from "htm/preact";
import { TextField } from "./field.ts";

interface HandleFieldProps {
  id: string;
  label: string;
  placeholder: string;
  /** `username` where it is the reader's own. */
  autocomplete: "username" | "off";
  value: string;
  error: string | undefined;
  onValue: (value: string) => void;
}

export function HandleField(props: HandleFieldProps) {
  return html`<${TextField} inputmode="email" autocapitalize="none" spellcheck=${false} ...${props} />`;
}
