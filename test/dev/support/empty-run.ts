/** A local run with nothing in it but something to stop: the frame that `npm start` and `npm run dev` share. */

import { runLocally } from "../../../dev/local-run.ts";

await runLocally(async ({ onStop }) => {
  // A real run is kept alive by its servers.
  const alive = setInterval(() => undefined, 1_000);
  onStop(() => clearInterval(alive));
  console.log("up");
});
