/** `npm run bench`: every figure beside its floor, in one run on one machine. Prints; asserts nothing. */

import { cpus } from "node:os";
import { measureBookings } from "./bookings.ts";
import { measureSizes } from "./sizes.ts";
import { measureJudgements, measureLists } from "./slots.ts";

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

write("60 days of 30-minute slots, Monday to Friday 9-17, New York (floor: a loop over integers)");
write("  busy periods   slots   product µs   floor µs   ratio   floor that sorts µs   slots/s");
for (const { busyPeriods, slots, productUs, floorUs, floorSortingUs } of measureLists()) {
  write(
    [
      column(busyPeriods, 14),
      column(slots, 8),
      column(productUs.toFixed(1), 13),
      column(floorUs.toFixed(1), 11),
      column((productUs / floorUs).toFixed(1), 8),
      column(floorSortingUs.toFixed(1), 22),
      column(Math.round((slots / productUs) * 1e6).toLocaleString("en"), 13),
    ].join(""),
  );
}
write("  (targets: at most 5 times the floor without busy periods, under 1,000 µs with 1,000 of them)");
write();

write("Judging one start (floor: a look at every busy period)");
write("  busy periods   product µs   floor µs");
for (const { busyPeriods, productUs, floorUs } of measureJudgements()) {
  write([column(busyPeriods, 14), column(productUs.toFixed(1), 13), column(floorUs.toFixed(1), 11)].join(""));
}
write("  (target: under 50 µs with 10,000)");
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
