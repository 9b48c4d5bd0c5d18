/** The headers beside those of every mail, as every provider is given them. No I/O. */

import type { ReadyMessage } from "./ready-message.ts";

/** That no person wrote it (RFC 3834 5), and how to get no more of it (RFC 2369 3.2, RFC 8058 3.1). ASCII, none of them folded. */
export function mailHeaders({ unsubscribeUrl }: ReadyMessage): Readonly<Record<string, string>> {
  return {
    "Auto-Submitted": "auto-generated",
    ...(unsubscribeUrl !== undefined && { "List-Unsubscribe": `<${unsubscribeUrl}>` }),
    // One click is for https only; http is that of a local run.
    ...(unsubscribeUrl?.startsWith("https:") && { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }),
  };
}
