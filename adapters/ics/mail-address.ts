/** E-mail addresses where they stand in calendars: checked before they are written, and compared when they come back. Pure. */

/** RFC 5321 4.5.3.1: 64 octets before the @, 254 in all. */
const MAX_LENGTH = 254;
const ADDRESS =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/**
 * Whether this is a plain address: dot-atom (RFC 5322 3.2.3) at a host name with a dot. No quoted local parts, no IP literals, nothing
 * beyond ASCII: a name in another script is written in its `xn--` form.
 */
export function isMailAddress(text: string): boolean {
  return text.length <= MAX_LENGTH && text.indexOf("@") <= 64 && ADDRESS.test(text);
}

/** The address as a `mailto:` has it: without the characters that mean something in a URI (RFC 6068 2). */
export function addressInUri(address: string): string {
  return address.replaceAll(/[%/?#&=^`{|}]/g, encodeURIComponent);
}

/** The address in a `mailto:` URI, in lower case; undefined where there is none. */
export function addressOfUri(uri: string): string | undefined {
  const match = /^mailto:([^?#]*)/i.exec(uri.trim());
  const address = match && decoded(match[1]!).trim().toLowerCase();
  return address && isMailAddress(address) ? address : undefined;
}

/** As it is written, where it is encoded wrongly. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
