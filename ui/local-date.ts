/** Calendar dates as `YYYY-MM-DD` strings and the grid of a month. Pure: no zone, no clock. */

/** `days` later (or earlier); the date must be well formed. */
export function addDays(date: string, days: number): string {
  return fromUtc(toUtc(date) + days * 86_400_000);
}

/** `YYYY-MM` of a date. */
export function monthOf(date: string): string {
  return date.slice(0, 7);
}

/** `months` later (or earlier) than a `YYYY-MM`. */
export function addMonths(month: string, months: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + months;
  const year = String(Math.floor(count / 12)).padStart(4, "0");
  return `${year}-${String((((count % 12) + 12) % 12) + 1).padStart(2, "0")}`;
}

export function firstDateOf(month: string): string {
  return `${month}-01`;
}

/** The month's last date. */
export function lastDateOf(month: string): string {
  return addDays(firstDateOf(addMonths(month, 1)), -1);
}

/** 0 is Monday, 6 is Sunday. */
export function weekdayOf(date: string): number {
  return (new Date(toUtc(date)).getUTCDay() + 6) % 7;
}

/** A month as whole weeks; days of the neighbouring months are undefined. `firstWeekday`: 0 is Monday. */
export function monthGrid(month: string, firstWeekday: number): (string | undefined)[][] {
  const first = firstDateOf(month);
  const last = lastDateOf(month);
  const lead = (weekdayOf(first) - firstWeekday + 7) % 7;
  const weeks: (string | undefined)[][] = [];
  for (let start = addDays(first, -lead); start <= last; start = addDays(start, 7)) {
    const week = Array.from({ length: 7 }, (_, day) => addDays(start, day));
    weeks.push(week.map((date) => (monthOf(date) === month ? date : undefined)));
  }
  return weeks;
}

/** Where a key moves the focus in a month grid; undefined for keys that mean nothing there. */
export function moveByKey(date: string, key: string, firstWeekday: number): string | undefined {
  const column = (weekdayOf(date) - firstWeekday + 7) % 7;
  switch (key) {
    case "ArrowLeft":
      return addDays(date, -1);
    case "ArrowRight":
      return addDays(date, 1);
    case "ArrowUp":
      return addDays(date, -7);
    case "ArrowDown":
      return addDays(date, 7);
    case "Home":
      return addDays(date, -column);
    case "End":
      return addDays(date, 6 - column);
    case "PageUp":
      return sameDayIn(addMonths(monthOf(date), -1), date);
    case "PageDown":
      return sameDayIn(addMonths(monthOf(date), 1), date);
    default:
      return undefined;
  }
}

function sameDayIn(month: string, date: string): string {
  const wanted = `${month}-${date.slice(8)}`;
  const last = lastDateOf(month);
  return wanted > last ? last : wanted;
}

function toUtc(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function fromUtc(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
