/** What the host of a proof offers: unequal meetings that get in each other's way, on a few days only. */

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** A meeting type, as far as a booking depends on it. */
export interface Offer {
  readonly rkey: string;
  readonly title: string;
  readonly minutes: number;
  /** Distance between two starts. */
  readonly everyMinutes: number;
  readonly minutesBefore: number;
  readonly minutesAfter: number;
  readonly isManual: boolean;
  readonly maxPerDay?: number;
  readonly maxPerWeek?: number;
}

/** When the host is there, every day alike, in UTC. */
export interface Opening {
  readonly fromMinute: number;
  readonly untilMinute: number;
  /** How many days ahead bookings are taken. */
  readonly horizonDays: number;
  /** Midnight of the first day that is asked for, epoch ms, and how many days are. */
  readonly firstDay: number;
  readonly days: number;
}

export const OFFERS: readonly Offer[] = [
  {
    rkey: "3mproofshort22",
    title: "Twenty-five minutes, at once",
    minutes: 25,
    everyMinutes: 25,
    minutesBefore: 0,
    minutesAfter: 0,
    isManual: false,
  },
  {
    rkey: "3mprooflong222",
    title: "Three quarters of an hour with air around it, on request",
    minutes: 45,
    everyMinutes: 15,
    minutesBefore: 10,
    minutesAfter: 5,
    isManual: true,
  },
  {
    rkey: "3mproofdaily22",
    title: "Half an hour, three a day, on request",
    minutes: 30,
    everyMinutes: 30,
    minutesBefore: 0,
    minutesAfter: 15,
    isManual: true,
    maxPerDay: 3,
  },
  {
    rkey: "3mproofweekly2",
    title: "Twenty minutes, seven a week, at once",
    minutes: 20,
    everyMinutes: 10,
    minutesBefore: 5,
    minutesAfter: 0,
    isManual: false,
    maxPerWeek: 7,
  },
];

/** Thursday to Tuesday, so that two ISO weeks are touched; far enough away that no request lapses while the proof runs. */
export function openingAfter(now: number): Opening {
  const today = Math.floor(now / DAY);
  const THURSDAY = 4;
  const soonest = today + 3;
  const days = Array.from({ length: 7 }, (_, ahead) => (soonest + ahead) * DAY);
  const firstDay = days.find((day) => new Date(day).getUTCDay() === THURSDAY) ?? soonest * DAY;
  return { fromMinute: 9 * 60, untilMinute: 17 * 60, horizonDays: 30, firstDay, days: 6 };
}
