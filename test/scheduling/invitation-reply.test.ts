import { describe, expect, it } from "vitest";
import { judgeReply } from "../../scheduling/invitation-reply.ts";
import type { InvitationReply } from "../../scheduling/invitation-reply.ts";

const BOOKING = { sequence: 3, calendarUid: "one@cal.example" };
const INVITED = [{ address: "alice@host.example" }, { address: "Bob@private.example", answeredAt: 5_000 }];
const REPLY: InvitationReply = {
  uid: "one@cal.example",
  sequence: 3,
  attendeeAddress: "bob@private.example",
  partstat: "declined",
  stampedAt: 6_000,
  sender: { address: "bob@private.example", isAuthenticated: true },
};

describe("an answer to an invitation", () => {
  it.each(["accepted", "declined", "tentative"] as const)("counts: %s", (partstat) => {
    expect(judgeReply({ ...REPLY, partstat }, BOOKING, INVITED)).toBe(partstat);
  });

  it.each<[string, Partial<InvitationReply>, string]>([
    ["about another booking", { uid: "two@cal.example" }, "other-booking"],
    ["to an earlier invitation", { sequence: 2 }, "stale"],
    ["to an invitation that was never sent", { sequence: 4 }, "stale"],
    ["given before one that counted", { stampedAt: 4_000 }, "stale"],
    ["that has counted already", { stampedAt: 5_000 }, "stale"],
    [
      "of somebody who was not invited",
      { attendeeAddress: "eve@evil.example", sender: { address: "eve@evil.example", isAuthenticated: true } },
      "unknown-sender",
    ],
    [
      "sent by somebody else",
      { sender: { address: "eve@evil.example", isAuthenticated: true } },
      "unknown-sender",
    ],
    [
      "sent by one guest for the other",
      { sender: { address: "alice@host.example", isAuthenticated: true } },
      "unknown-sender",
    ],
    [
      "whose sender proved nothing",
      { sender: { address: "bob@private.example", isAuthenticated: false } },
      "unknown-sender",
    ],
  ])("is ignored: %s", (_, change, ignored) => {
    expect(judgeReply({ ...REPLY, ...change }, BOOKING, INVITED)).toEqual({ ignored });
  });

  it("of somebody who has not answered yet counts whenever it was given", () => {
    const address = "alice@host.example";
    const reply = {
      ...REPLY,
      attendeeAddress: address,
      stampedAt: 0,
      sender: { address, isAuthenticated: true },
    };
    expect(judgeReply(reply, BOOKING, INVITED)).toBe("declined");
  });
});
