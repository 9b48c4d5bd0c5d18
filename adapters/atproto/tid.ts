/** Record keys by time: a TID is 64 bits, microseconds then 10 random bits, in a base32 that sorts (atproto TID syntax). */

const ALPHABET = "234567abcdefghijklmnopqrstuvwxyz";

/** A new TID for `now` (epoch ms). Two of the same millisecond differ by chance; the PDS refuses a key twice. */
export function newTid(now: number): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  // 20 random bits: 10 below the millisecond, since our clock has none, and 10 for the clock id.
  let bits = ((BigInt(now) * 1000n) << 10n) + BigInt(random % 1_000_000);
  let tid = "";
  for (let digit = 0; digit < 13; digit += 1) {
    tid = ALPHABET[Number(bits & 31n)] + tid;
    bits >>= 5n;
  }
  return tid;
}
