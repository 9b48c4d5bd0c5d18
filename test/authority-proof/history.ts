/** What was asked of one host's authority and what it answered: plain data, so that a run can be kept and judged again. */

import type { BookingJson } from "../../worker/wire.ts";
import type { Offer, Opening } from "./offers.ts";

/** What somebody asks for. `offer` is a meeting type's record key; instants are epoch ms. */
export type Ask =
  | { readonly kind: "hold"; readonly offer: string; readonly start: number; readonly requestId: string }
  | {
      readonly kind: "book";
      readonly offer: string;
      readonly start: number;
      readonly requestId: string;
      readonly holdId?: string;
    }
  | { readonly kind: "reschedule"; readonly uid: string; readonly start: number; readonly requestId: string }
  | { readonly kind: "release"; readonly holdId: string }
  | { readonly kind: "confirm" | "decline" | "cancel" | "read"; readonly uid: string }
  | { readonly kind: "slots"; readonly offer: string };

/** What came back. `unknown`: the answer was lost, and asking again would be asking for something else. */
export type Answer =
  | { readonly kind: "booking"; readonly status: number; readonly booking: BookingJson }
  | { readonly kind: "hold"; readonly status: number; readonly id: string; readonly expiresAt: number }
  | { readonly kind: "slots"; readonly status: number; readonly starts: readonly number[] }
  | { readonly kind: "released" }
  | { readonly kind: "refused"; readonly status: number; readonly error: string }
  | { readonly kind: "unknown" };

/** One thing asked, with all its repeats while no answer came. */
export interface Operation {
  /** Unique in its history. */
  readonly id: number;
  /** A DID. */
  readonly actor: string;
  readonly ask: Ask;
  /** Milliseconds of one monotonic clock: before the first byte was sent, and after the last one came or the connection was lost. */
  readonly invokedAt: number;
  readonly answeredAt: number;
  readonly answer: Answer;
}

/** A booking's row in D1. */
export interface BookingRow {
  readonly uid: string;
  readonly sequence: number;
  readonly status: string;
  readonly start: number;
  readonly end: number;
}

/** A row of D1 that tells somebody of a decision. */
export interface NotificationRow {
  readonly uid: string;
  readonly recipient: string;
  readonly kind: string;
}

/** How the monotonic clock relates to the one that the authority writes into bookings. */
export interface Clock {
  /** Epoch ms when the monotonic clock stood at 0. */
  readonly epoch: number;
  /** How far the two may differ, ms. */
  readonly slack: number;
}

export interface History {
  readonly seed: number;
  /** The host's DID. */
  readonly host: string;
  readonly offers: readonly Offer[];
  readonly opening: Opening;
  readonly clock: Clock;
  /** How often workerd was killed, and how many answers were lost by that, those that were asked for again included. */
  readonly kills: number;
  readonly lostAnswers: number;
  readonly operations: readonly Operation[];
  /** Reads by the host when all was over: every booking, and every offer's slots. */
  readonly closing: readonly Operation[];
  readonly rows: {
    readonly bookings: readonly BookingRow[];
    readonly notifications: readonly NotificationRow[];
  };
}
