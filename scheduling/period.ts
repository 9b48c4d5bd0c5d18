/** A Period is a half-open range of instants, the value under everything (RFC 5545 PERIOD). No I/O, no clock. */

/** Half-open `[start, end)`, both epoch milliseconds. */
export interface Period {
  readonly start: number;
  readonly end: number;
}
