/** Where a person is mailed, as an authority asks for it. */

export interface MailRecipient {
  /** Proved by its owner, and not refused since. */
  readonly address: string;
  /** IANA zone that their browser told when they gave the address. */
  readonly timeZone?: string;
  /** Whether they want reminders by mail. */
  readonly reminders: boolean;
  /** Where a POST ends those (RFC 8058). */
  readonly unsubscribeUrl: string;
}

/** An address that somebody gave as theirs. */
export interface GivenAddress {
  readonly address: string;
  /** Of whoever gave it; shown to the address's owner. */
  readonly handle: string;
  readonly timeZone?: string;
}

/**
 * What becomes of it. `known`: it is proved, or a link is on its way there already; `limited`: this person asked for too many; `unwanted`: its
 * owner wants no mail on account of this person. Whether it gets no mail on account of others is told to nobody.
 */
export type AskOutcome = "asked" | "known" | "limited" | "unwanted" | "not-offered";

/** How a person stands with mail, for themselves. Times in epoch ms. */
export interface MailStanding {
  readonly address?: string;
  readonly isRefused: boolean;
  readonly asked?: { readonly address: string; readonly at: number };
  readonly reminders: boolean;
}
