/** Which addresses of strangers may become links. Pure. */

/** An http(s) address that may become a link; anything else a record may contain is shown as text only. */
export function safeHref(uri: string): string | undefined {
  try {
    const url = new URL(uri);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}
