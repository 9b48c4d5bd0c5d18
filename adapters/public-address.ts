/** Which addresses that strangers chose may be contacted, judged by their text. Never asks DNS. */

/** True for `https://public.host.name/…` on port 443, without credentials, IP literals or names that are never public. */
export function isPublicHttpsUrl(url: URL): boolean {
  return (
    url.protocol === "https:" &&
    url.port === "" &&
    url.username === "" &&
    url.password === "" &&
    isPublicName(url.hostname)
  );
}

/** True for a server on this very machine: `localhost` or `127.0.0.1`, any port, http or https. */
export function isLoopbackUrl(url: URL): boolean {
  const isWeb = url.protocol === "http:" || url.protocol === "https:";
  return (
    isWeb &&
    url.username === "" &&
    url.password === "" &&
    (url.hostname === "localhost" || url.hostname === "127.0.0.1")
  );
}

/** RFC 6761, 6762, 7686, 9476 and the suffixes private networks use: nothing there is on the public internet. */
const PRIVATE_SUFFIXES: ReadonlySet<string> = new Set(
  "localhost local internal intranet private corp home lan arpa invalid test onion alt".split(" "),
);

/**
 * True for a name of the public DNS; false for every IP literal, so that none of RFC 6890's special addresses can be written down.
 * @param hostname as the parser of an http or https URL leaves it: lower case, ASCII, and with `0x7f.1`, `2130706433` or full-width
 * digits turned into a dotted IPv4 address already
 */
export function isPublicName(hostname: string): boolean {
  const labels = hostname.split(".");
  const suffix = labels.at(-1) ?? "";
  // No dot, IPv6 in brackets, IPv4 (a numeric last label) and the rooted form with a trailing dot all fail here.
  return labels.length >= 2 && /^[a-z][a-z0-9-]*$/.test(suffix) && !PRIVATE_SUFFIXES.has(suffix);
}
