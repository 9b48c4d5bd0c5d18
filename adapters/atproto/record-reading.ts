/** Reads one repository over XRPC, without credentials and within limits of time and size. Knows nothing of what is in it. */

import { INVALID_HANDLE } from "@atproto/syntax";
import * as z from "zod";

import { accepted, refused } from "../../scheduling/refusal.ts";
import type { Result } from "../../scheduling/refusal.ts";
import type { Identity } from "./identity.ts";
import { rkeyWithin } from "./record-address.ts";
import { readTextCapped } from "./safe-fetch.ts";
import type { SafeFetch } from "./safe-fetch.ts";

/** A record as the PDS gave it: only its address was checked. */
export interface FoundRecord {
  readonly uri: string;
  readonly rkey: string;
  readonly value: unknown;
}

interface RepositoryReader {
  /** The newest records of a collection, at most `max` of them. Refusals: HostNotFound, HostUnreachable. */
  listRecords(collection: string, max: number): Promise<Result<RecordList>>;
  /** One record's value, `undefined` when there is none. Refusals: HostNotFound, HostUnreachable. */
  getRecord(collection: string, rkey: string): Promise<Result<unknown>>;
}

export interface RecordList {
  readonly records: readonly FoundRecord[];
  /** There are more than `max`, or the PDS never comes to an end. */
  readonly isCut: boolean;
}

/** For everything one reader reads, several pages included. */
const READ_TIMEOUT_MS = 8_000;
const READ_MAX_BYTES = 4 * 1024 * 1024;

/** The most that `listRecords` gives at once. */
const PAGE_SIZE = 100;
/** Pages may be short, even empty, as long as they carry a cursor; a hostile PDS would send those for ever. */
const MAX_PAGES = 5;

const listAnswer = z.object({ cursor: z.string().optional(), records: z.array(z.unknown()) });
const listedRecord = z.object({ uri: z.string(), value: z.unknown() });
const getAnswer = z.object({ value: z.unknown() });
const errorAnswer = z.object({ error: z.string(), message: z.string().optional() });

const GONE: readonly string[] = ["RepoNotFound", "RepoTakendown", "RepoSuspended", "RepoDeactivated"];

/** A reader of that person's repository, for one reading: its time limit starts now. */
export function createRepositoryReader(identity: Identity, fetch: SafeFetch): RepositoryReader {
  const { did, handle, pdsUrl } = identity;
  const owner = handle === INVALID_HANDLE ? did : handle;
  const signal = AbortSignal.timeout(READ_TIMEOUT_MS);
  let remainingBytes = READ_MAX_BYTES;

  function unreachable(why: string): Result<never> {
    return refused({ code: "HostUnreachable", why: `The PDS of ${owner} ${why}. Try again in a minute.` });
  }

  async function query(method: string, params: Record<string, string>): Promise<Result<unknown>> {
    const url = new URL(`/xrpc/${method}`, pdsUrl);
    url.search = new URLSearchParams(params).toString();
    let status: number;
    let json: unknown;
    try {
      const response = await fetch(url, { headers: { accept: "application/json" }, signal });
      const text = await readTextCapped(response, remainingBytes);
      remainingBytes -= text.length;
      status = response.status;
      json = JSON.parse(text);
    } catch {
      return unreachable("did not give a usable answer in time");
    }
    if (status === 200) {
      return accepted(json);
    }
    const { error = "", message = "" } = errorAnswer.safeParse(json).data ?? {};
    if (
      error === "RecordNotFound" ||
      (error === "InvalidRequest" && message.startsWith("Could not locate record"))
    ) {
      return accepted(undefined);
    }
    if (GONE.includes(error) || (error === "InvalidRequest" && message.startsWith("Could not find repo"))) {
      return refused({
        code: "HostNotFound",
        why: `The PDS of ${owner} has no account ${did} any more. Ask them where they moved.`,
      });
    }
    return unreachable(`answered with an error (${status})`);
  }

  async function listRecords(collection: string, max: number): Promise<Result<RecordList>> {
    const records = new Map<string, FoundRecord>();
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const limit = String(PAGE_SIZE);
      const params = { repo: did, collection, limit, ...(cursor !== undefined && { cursor }) };
      const found = await query("com.atproto.repo.listRecords", params);
      if (!found.ok) {
        return found;
      }
      const answer = listAnswer.safeParse(found.value);
      if (!answer.success) {
        return unreachable("sent something that is not a list of records");
      }
      for (const item of answer.data.records) {
        const record = listedRecord.safeParse(item).data;
        const rkey = record && rkeyWithin(record.uri, did, collection);
        if (record && rkey !== undefined && !records.has(rkey)) {
          if (records.size === max) {
            return accepted({ records: [...records.values()], isCut: true });
          }
          records.set(rkey, { uri: record.uri, rkey, value: record.value });
        }
      }
      cursor = answer.data.cursor;
      if (cursor === undefined) {
        return accepted({ records: [...records.values()], isCut: false });
      }
    }
    return accepted({ records: [...records.values()], isCut: true });
  }

  async function getRecord(collection: string, rkey: string): Promise<Result<unknown>> {
    const found = await query("com.atproto.repo.getRecord", { repo: did, collection, rkey });
    if (!found.ok || found.value === undefined) {
      return found;
    }
    const answer = getAnswer.safeParse(found.value);
    return answer.success ? accepted(answer.data.value) : unreachable("sent something that is not a record");
  }

  return { listRecords, getRecord };
}
