/** The wall clock of a zone, minute by minute, as Intl tells it. Shares no code with scheduling/, so it can disagree with it. */

const MINUTE_MS = 60_000;

/** The minutes of some days in a zone, each with its local date and time. */
export interface MinuteTable {
  readonly zone: string;
  readonly firstAt: number;
  /** Local minutes since 1970-01-01 00:00 local, one per minute of elapsed time. */
  readonly local: Int32Array;
  /** Local dates (days since 1970-01-01) of which a minute is in the table. */
  readonly days: ReadonlySet<number>;
}

/** Asks Intl for every minute of `days` days from `firstAt`. */
export function minuteTable(zone: string, firstAt: number, days: number): MinuteTable {
  const clock = wallClock(zone);
  const local = Int32Array.from(
    { length: days * 1440 },
    (_, index) => clock(firstAt + index * MINUTE_MS) / MINUTE_MS,
  );
  return { zone, firstAt, local, days: new Set(local.map((minute) => Math.floor(minute / 1440))) };
}

/** Reads a zone's wall clock: the local date and time of an instant as if it were UTC, in ms. */
export function wallClock(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (instant) => {
    const [month, day, year, hour, minute, second] = format.format(instant).match(/\d+/g)!.map(Number);
    return Date.UTC(year!, month! - 1, day, hour, minute, second);
  };
}

const tables = new Map<string, MinuteTable>();

/** Ten days of a zone, four of them before `around`; kept, because asking Intl 14,400 times is slow. */
export function tenDays(zone: string, around: number): MinuteTable {
  const key = `${zone} ${around}`;
  let table = tables.get(key);
  if (table === undefined) {
    table = minuteTable(zone, around - 4 * 1440 * MINUTE_MS, 10);
    tables.set(key, table);
  }
  return table;
}
