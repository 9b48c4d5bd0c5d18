/** `npm run bench`: every figure beside its floor, in one run on one machine. Prints; asserts nothing. */

import { cpus } from "node:os";
import { measureBookings } from "./bookings.ts";
import { measureSizes } from "./sizes.ts";
import { measureSlots } from "./slots.ts";

const write = (line = "") => process.stdout.write(`${line}\n`);
const column = (value: string | number, width: number) => String(value).padStart(width);

write(`${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}, Node ${process.version}`);
write();

const sizes = await measureSizes();
write("What is shipped");
write(`  worker, gzip              ${sizes.workerGzipKb.toFixed(0)} KB   (target: at most 500)`);
write(`  booking page JS+CSS, gzip ${sizes.bookingPageGzipKb.toFixed(1)} KB   (target: at most 40)`);
write(`  worker start-up           ${sizes.startupMs.toFixed(0)} ms   (platform limit: 1000)`);
write();

const slots = measureSlots();
write(`A month of slots (${slots.slots} of 30 minutes, Monday to Friday, New York)`);
const perSecond = (us: number) => Math.round((slots.slots / us) * 1e6).toLocaleString("en");
write(`  product ${slots.productUs.toFixed(1)} µs = ${perSecond(slots.productUs)} slots/s`);
write(
  `  floor   ${slots.floorUs.toFixed(1)} µs = ${perSecond(slots.floorUs)} slots/s   (bare loop over integers)`,
);
write();

write(
  "Bookings per second on one host, over HTTP (floor: one row in a Durable Object's transaction, same router)",
);
write("  sockets   product     floor   ratio   product p50/p99 ms   floor p50/p99 ms");
for (const { concurrency, product, floor } of await measureBookings()) {
  const latency = ({ p50, p99 }: { p50: number; p99: number }) => `${p50.toFixed(1)} / ${p99.toFixed(1)}`;
  write(
    [
      column(concurrency, 9),
      column(product.perSecond.toFixed(0), 10),
      column(floor.perSecond.toFixed(0), 10),
      column(`${((100 * product.perSecond) / floor.perSecond).toFixed(0)} %`, 8),
      column(latency(product), 21),
      column(latency(floor), 19),
    ].join(""),
  );
}
