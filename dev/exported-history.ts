/** An account export as a file: what of it can be checked, read without trust in whoever wrote it. */

export interface ExportedRow {
  readonly entry: string;
  readonly hash: string;
}

/** What a booking says of itself, and a decision says of a booking. */
export interface BookingState {
  readonly uid: string;
  readonly sequence: number;
  readonly status: string;
  /** Epoch ms. */
  readonly start: number;
  readonly end: number;
}

export interface ExportedHistory {
  readonly did: string;
  /** Epoch ms. */
  readonly exportedAt: number;
  /** How many rows the log had when the reading of the bookings began. */
  readonly logSeqBefore: number;
  /** Bookings as their authority keeps them, each the JSON that was hashed. */
  readonly bookings: readonly string[];
  /** The same bookings as the host's pages list them. */
  readonly listed: readonly BookingState[];
  readonly log: readonly ExportedRow[];
}

/** The file is no account export; the message says what is missing. */
export class NotAnExport extends Error {}

/** @throws NotAnExport */
export function readExport(text: string): ExportedHistory {
  const file = parsed(text);
  const account = member(file, "account");
  const decisions = member(file, "decisions");
  const did = member(account, "did");
  const exportedAt = Date.parse(String(member(file, "exportedAt")));
  const logSeqBefore = member(decisions, "logSeqBefore");
  if (typeof did !== "string" || !isWhole(exportedAt) || !isWhole(logSeqBefore)) {
    throw new NotAnExport("It does not say whose export it is, and of when.");
  }
  return {
    did,
    exportedAt,
    logSeqBefore,
    bookings: list(decisions, "bookings", (item) => (typeof item === "string" ? item : undefined)),
    listed: list(member(file, "bookings"), "asHost", listedState),
    log: list(decisions, "log", (item) => {
      const [entry, hash] = [member(item, "entry"), member(item, "hash")];
      return typeof entry === "string" && typeof hash === "string" ? { entry, hash } : undefined;
    }),
  };
}

/** What a text of JSON says of a booking; undefined where it is none. */
export function stateOf(value: unknown): BookingState | undefined {
  const uid = member(value, "uid");
  const status = member(value, "status");
  const [sequence, start, end] = [member(value, "sequence"), member(value, "start"), member(value, "end")];
  return typeof uid === "string" &&
    typeof status === "string" &&
    isWhole(sequence) &&
    isWhole(start) &&
    isWhole(end)
    ? { uid, sequence, status, start, end }
    : undefined;
}

/** JSON, or undefined for a text that is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field of what may be no object at all. */
export function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function parsed(text: string): unknown {
  const file = jsonOf(text);
  if (file === undefined) {
    throw new NotAnExport("It is no JSON: a download that broke off, perhaps. Export again.");
  }
  return file;
}

/** Bookings are listed with instants as text. */
function listedState(item: unknown): BookingState | undefined {
  const [start, end] = [member(item, "start"), member(item, "end")];
  return typeof start === "string" && typeof end === "string"
    ? stateOf({ ...Object(item), start: Date.parse(start), end: Date.parse(end) })
    : undefined;
}

function list<Item>(of: unknown, name: string, read: (item: unknown) => Item | undefined): Item[] {
  const items = member(of, name);
  if (!Array.isArray(items)) {
    throw new NotAnExport(`It has no list \`${name}\`.`);
  }
  return items.map((item: unknown, index) => {
    const value = read(item);
    if (value === undefined) {
      throw new NotAnExport(`Number ${index + 1} of \`${name}\` is not what belongs there.`);
    }
    return value;
  });
}
