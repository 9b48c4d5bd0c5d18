/** The authority's copy of a host's public records: kept fresh from their PDS, single flight, never read by anyone else. */

import { createIdentityResolver } from "../adapters/atproto/identity.ts";
import { type HostRecords, readHostRecords } from "../adapters/atproto/host-records.ts";
import { createSafeFetch } from "../adapters/atproto/safe-fetch.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";

/** A copy this young is used as it is, so records written by other clients count within this time. */
const FRESH_MS = 5_000;

/** When the PDS does not answer, a copy this young still decides; older ones do not (503). */
const USABLE_MS = 15 * 60_000;

/** After a failed reading nobody waits for the same PDS again for this long. */
const RETRY_AFTER_MS = 5_000;

export class RecordsSnapshot {
  readonly #hostDid: string;
  readonly #env: Env;
  #records: HostRecords | undefined;
  #reading: Promise<Result<HostRecords>> | undefined;
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
    return known !== undefined && now - known.readAt < FRESH_MS && this.#freshGeneration === this.#generation;
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
    if (this.#failed && now - this.#failed.at < RETRY_AFTER_MS) {
      return this.#orUsable(this.#failed.answer, now);
    }
    this.#reading ??= this.#read(now, keep).finally(() => {
      this.#reading = undefined;
    });
    return this.#orUsable(await this.#reading, now);
  }

  async #read(now: number, keep: (records: HostRecords) => void): Promise<Result<HostRecords>> {
    const generation = this.#generation;
    const answer = await this.#readFromPds(now);
    if (answer.ok) {
      this.#records = answer.value;
      this.#freshGeneration = generation;
      this.#failed = undefined;
      keep(answer.value);
    } else {
      this.#failed = { at: now, answer };
    }
    return answer;
  }

  async #readFromPds(now: number): Promise<Result<HostRecords>> {
    const allowLoopback = this.#env.ALLOW_LOOPBACK === "true";
    const resolver = createIdentityResolver({
      plcUrl: this.#env.PLC_URL,
      handleResolverUrl: this.#env.HANDLE_RESOLVER_URL,
      allowLoopback,
    });
    const identity = await resolver.resolveDid(this.#hostDid);
    if (!identity.ok) {
      return identity;
    }
    return readHostRecords(identity.value, this.#env.BROKER_DID, createSafeFetch({ allowLoopback }), now);
  }

  #orUsable(answer: Result<HostRecords>, now: number): Result<HostRecords> {
    const known = this.#records;
    if (!answer.ok && answer.refusal.code === "HostUnreachable" && known && now - known.readAt < USABLE_MS) {
      return accepted(known);
    }
    return answer.ok ? answer : refused(answer.refusal);
  }
}

/** The copy this object stored last, if any. */
export function readStoredRecords(sql: SqlStorage): HostRecords | undefined {
  const [row] = sql.exec<{ records_json: string }>("SELECT records_json FROM records_snapshot").toArray();
  // Written by storeRecords of this or an earlier version; fields are only ever added.
  return row && (JSON.parse(row.records_json) as HostRecords);
}

/** Stores a copy, so that a host whose PDS is away for a while stays bookable after this object slept. */
export function storeRecords(sql: SqlStorage, records: HostRecords): void {
  sql.exec(
    "INSERT INTO records_snapshot (only_row, records_json) VALUES (1, ?) ON CONFLICT (only_row) DO UPDATE SET records_json = excluded.records_json",
    JSON.stringify(records),
  );
}
