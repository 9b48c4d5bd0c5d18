/** A sealed text as a row has it. No I/O. */

import type { Sealed } from "../../adapters/atproto/sealing.ts";

export interface SealedRow extends Record<string, SqlStorageValue> {
  key_id: string;
  sealed: ArrayBuffer;
}

export function sealedOf(row: SealedRow): Sealed {
  return { keyId: row.key_id, bytes: new Uint8Array(row.sealed) };
}
