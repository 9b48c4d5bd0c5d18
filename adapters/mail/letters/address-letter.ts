/** The letter that asks the owner of an address whether it is theirs. No I/O. */

import { plainLine } from "../../atproto/record-text.ts";
import { letterOf, type Letter } from "./letter.ts";

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
  const who = `@${plainLine(handle)}`;
  return letterOf({
    subject: `Is this your address? ${who} wants booking mail here`,
    heading: "Is this your e-mail address?",
    intro: [
      `${who} gave this address to be mailed about bookings made at ${publicUrl}: confirmations, with an invitation for the calendar, changes and cancellations.`,
      "If that is you, say so within seven days.",
    ],
    facts: [],
    quotes: [],
    actions: [{ label: "Yes or no", href: link }],
    footer: [
      "If it is not you, do nothing, and nothing else is sent here.",
      "Or open the link and say so: then nobody can ask for mail to this address again.",
    ],
  });
}
