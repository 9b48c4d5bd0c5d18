/** Which addresses reach the same person, so that limits for one cannot be got round by writing it differently. Never used to send. Pure. */

/** Where dots before the @ mean nothing. */
const WITHOUT_DOTS: ReadonlySet<string> = new Set(["gmail.com", "googlemail.com"]);

/**
 * An address as limits count it: in lower case, since no mail server in use tells addresses apart by that, and without what follows a plus (RFC
 * 5233), which most of them deliver to the same mailbox. Where one does not, a few people share a limit.
 */
export function mailboxOf(address: string): string {
  const [local = "", domain = ""] = address.toLowerCase().split("@");
  const plus = local.indexOf("+");
  const name = plus > 0 ? local.slice(0, plus) : local;
  return WITHOUT_DOTS.has(domain) ? `${name.replaceAll(".", "")}@gmail.com` : `${name}@${domain}`;
}
