/** An answer to an invitation as a mail program sends it (RFC 5546 3.2.3, RFC 6047), and as Email Routing hands it on. */

import ICAL from "ical.js";

export interface ReplySaid {
  readonly partstat: "ACCEPTED" | "DECLINED" | "TENTATIVE";
  /** Absent: whom the invitation was for. */
  readonly from?: string;
  /** Absent: the organizer. */
  readonly to?: string;
  readonly sequence?: number;
  readonly eventUid?: string;
  /** Whether the domain of `from` vouches for it. */
  readonly isAuthenticated?: boolean;
}

let stamps = 0;

export function replyTo(invite: string, said: ReplySaid): { from: string; to: string; raw: string } {
  const event = new ICAL.Component(ICAL.parse(invite)).getFirstSubcomponent("vevent");
  if (!event) throw new Error("no invitation");
  const addressOf = (uri: unknown) => String(uri).replace(/^mailto:/i, "");
  const organizer = addressOf(event.getFirstPropertyValue("organizer"));
  // Nobody else's address is in it but the broker's own.
  const invited = event
    .getAllProperties("attendee")
    .map((attendee) => addressOf(attendee.getFirstValue()))
    .find((address) => !address.startsWith("b-"));
  const { from = invited ?? "", to = organizer, isAuthenticated = true } = said;
  const domain = from.slice(from.indexOf("@") + 1);
  // Each answer is given after the one before.
  stamps += 1;
  const stamp = new Date(Date.now() + stamps * 1_000).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const verdict = isAuthenticated ? "pass" : "fail";
  const raw = [
    `Authentication-Results: mx.cloudflare.net; dkim=${verdict} header.d=${domain}; dmarc=${verdict} header.from=${domain}`,
    `From: ${from}`,
    `To: ${to}`,
    `Message-ID: <reply-${stamps}@${domain}>`,
    "Subject: Re: your invitation",
    "MIME-Version: 1.0",
    "Content-Type: text/calendar; method=REPLY; charset=UTF-8",
    "",
    "BEGIN:VCALENDAR",
    "PRODID:-//Another//EN",
    "VERSION:2.0",
    "METHOD:REPLY",
    "BEGIN:VEVENT",
    `UID:${said.eventUid ?? String(event.getFirstPropertyValue("uid"))}`,
    `SEQUENCE:${said.sequence ?? Number(event.getFirstPropertyValue("sequence"))}`,
    `DTSTAMP:${stamp}`,
    `ORGANIZER:mailto:${organizer}`,
    `ATTENDEE;PARTSTAT=${said.partstat}:mailto:${from}`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
  return { from, to, raw };
}
