/** Copying a text, and what is said of it for a moment. */

import { useState } from "preact/hooks";

/** `said` is empty but for a moment after `copy`. Where a browser allows no copying, whoever pressed is told to do it by hand. */
export function useCopied(text: string): { readonly said: string; readonly copy: () => Promise<void> } {
  const [said, setSaid] = useState("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("Copy it by hand");
    }
    setTimeout(() => setSaid(""), 2500);
  };
  return { said, copy };
}
