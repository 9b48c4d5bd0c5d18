/** The authority's copy of a host's public records: kept fresh from their PDS, single flight, never read by anyone else. */

import { Buffer } from "node:buffer";
import { configuredFetch, configuredIdentities } from "../adapters/atproto/configured.ts";
import { type HostRecords, readHostRecords } from "../adapters/atproto/host-records.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";

/** A copy this young is used as it is, so records written by other clients count within this time. */
const FRESH_MS = 5_000;

/** When the PDS does not answer, a copy this young still decides; older ones do not (503). */
const USABLE_MS = 15 * 60_000;

/** After a failed reading nobody waits for the same PDS again for this long. */
const RETRY_AFTER_MS = 5_000;

/** One reading from the PDS that is under way. */
interface Reading {
  /** What was known to have changed when it began. */
  readonly generation: number;
  readonly answer: Promise<Result<HostRecords>>;
}

export class RecordsSnapshot {
  readonly #hostDid: string;
  readonly #env: Env;
  #records: HostRecords | undefined;
  #reading: Reading | undefined;
  #failed: { at: number; answer: Result<HostRecords> } | undefined;
  /** Rises when the records are known to have changed, so that a reading begun before does not count as fresh. */
  #generation = 0;
  #freshGeneration = -1;

  constructor(hostDid: string, env: Env, stored: HostRecords | undefined) {
    this.#hostDid = hostDid;
    this.#env = env;
    this.#records = stored;
  }

  /** The copy as it is, however old. What decides reads it inside its transaction. */
  get current(): HostRecords | undefined {
    return this.#records;
  }

  /** Whether the copy can be answered with as it is. */
  isFresh(now: number): boolean {
    const known = this.#records;
    return (
      known !== undefined &&
      isWithin(FRESH_MS, known.readAt, now) &&
      this.#freshGeneration === this.#generation
    );
  }

  /** The host's records have just changed: the next reader fetches them. */
  markChanged(): void {
    this.#generation += 1;
    this.#failed = undefined;
  }

  /** Records fresh enough to answer with, read from the PDS when needed; `keep` stores what was read. */
  async fresh(now: number, keep: (records: HostRecords) => void): Promise<Result<HostRecords>> {
    if (this.#records && this.isFresh(now)) {
      return accepted(this.#records);
    }
    if (this.#failed && isWithin(RETRY_AFTER_MS, this.#failed.at, now)) {
      return this.#orUsable(this.#failed.answer, now);
    }
    // A reading that began before a change may not have seen it, so it is not shared with those who ask after.
    const reading = this.#reading?.generation === this.#generation ? this.#reading : this.#begin(now, keep);
    return this.#orUsable(await reading.answer, now);
  }

  #begin(now: number, keep: (records: HostRecords) => void): Reading {
    const generation = this.#generation;
    const answer = this.#read(generation, now, keep).finally(() => {
      if (this.#reading === reading) {
        this.#reading = undefined;
      }
    });
    const reading = { generation, answer };
    this.#reading = reading;
    return reading;
  }

  async #read(
    generation: number,
    now: number,
    keep: (records: HostRecords) => void,
  ): Promise<Result<HostRecords>> {
    const answer = await this.#readFromPds(now);
    // A later reading may have come to its end first; what this one saw is older.
    if (answer.ok && generation >= this.#freshGeneration) {
      keep(answer.value);
      this.#records = answer.value;
      this.#freshGeneration = generation;
      this.#failed = undefined;
    } else if (!answer.ok && generation === this.#generation) {
      this.#failed = { at: now, answer };
    }
    return answer;
  }

  async #readFromPds(now: number): Promise<Result<HostRecords>> {
    const identity = await configuredIdentities(this.#env).resolveDid(this.#hostDid);
    if (!identity.ok) {
      return identity;
    }
    return readHostRecords(identity.value, this.#env.BROKER_DID, configuredFetch(this.#env), now);
  }

  #orUsable(answer: Result<HostRecords>, now: number): Result<HostRecords> {
    const known = this.#records;
    if (
      !answer.ok &&
      answer.refusal.code === "HostUnreachable" &&
      known &&
      isWithin(USABLE_MS, known.readAt, now)
    ) {
      return accepted(known);
    }
    return answer.ok ? answer : refused(answer.refusal);
  }
}

/** Whether `at` is near `now`, on either side: after the clock was set back, an instant yet to come is not young. */
function isWithin(rangeMs: number, at: number, now: number): boolean {
  return Math.abs(now - at) < rangeMs;
}

/** The copy this object stored last, if any. */
export function readStoredRecords(sql: SqlStorage): HostRecords | undefined {
  const [row] = sql.exec<{ records_json: string }>("SELECT records_json FROM records_snapshot").toArray();
  // Written by storeRecords of this or an earlier version; fields are only ever added.
  return row && (JSON.parse(row.records_json) as HostRecords);
}

/** A row holds 2 MB; a host with more than that is read again after this object slept. */
const STORED_MAX_BYTES = 2_000_000;

/** Stores a copy, so that a host whose PDS is away for a while stays bookable after this object slept. */
export function storeRecords(sql: SqlStorage, records: HostRecords): void {
  const json = JSON.stringify(records);
  if (Buffer.byteLength(json) > STORED_MAX_BYTES) {
    sql.exec("DELETE FROM records_snapshot");
    return;
  }
  sql.exec(
    "INSERT INTO records_snapshot (only_row, records_json) VALUES (1, ?) ON CONFLICT (only_row) DO UPDATE SET records_json = excluded.records_json",
    json,
  );
}
