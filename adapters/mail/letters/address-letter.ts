/** The letter that asks the owner of an address whether it is theirs. No I/O. */

import { plainLine } from "../../atproto/record-text.ts";
import { cut } from "../cut.ts";
import { letterOf, type Letter } from "./letter.ts";

const HANDLE_MAX_LENGTH = 60;

/** `handle`: who named the address. `link`: where its owner says yes or no. */
export function addressLetter({
  handle,
  link,
  publicUrl,
}: {
  readonly handle: string;
  readonly link: string;
  readonly publicUrl: string;
}): Letter {
  // Whose handle could not be verified has none.
  const who = handle === "handle.invalid" ? "Somebody" : cut(`@${plainLine(handle)}`, HANDLE_MAX_LENGTH);
  return letterOf({
    subject: `Is this your address? ${who} wants booking mail here`,
    heading: "Is this your e-mail address?",
    facts: [],
    paragraphs: [
      `${who} gave this address to be mailed about bookings made with atproto Cal at ${publicUrl}: confirmations, with an invitation for the calendar, changes and cancellations.`,
      "If that is you, follow the link and say so within seven days.",
      "If it is not, do nothing, and nothing else is sent here. Or follow the link and say so: then nobody can ask for mail to this address again.",
    ],
    quotes: [],
    actions: [{ label: "Say whether it is yours", href: link }],
    footer: [`You get this because ${who} gave this address to atproto Cal at ${publicUrl}.`],
  });
}
