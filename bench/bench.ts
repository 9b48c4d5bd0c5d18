/** `npm run bench`: every figure beside its floor, in one run on one machine. Prints; asserts nothing. */

import { cpus } from "node:os";
import { type BenchHost, publishBenchHost } from "./bench-host.ts";
import { signInBookers } from "./bookers.ts";
import { measureBookings } from "./booking-load.ts";
import { contendedTable, fullCalendarTable, loadTable } from "./booking-tables.ts";
import { type BothSides, withBothSides } from "./both-sides.ts";
import { feedTable, refreshTable } from "./calendar-tables.ts";
import { measureContendedSlots } from "./contended-slots.ts";
import { measureFeedReadings } from "./feed-readings.ts";
import { measureFullCalendars } from "./full-calendar.ts";
import { measureRefreshing } from "./refreshing.ts";
import { measureSizes } from "./sizes.ts";
import { measureJudgements, measureLists } from "./slots.ts";
import { table } from "./table.ts";

const MANY_HOSTS = 32;

const write = (line = "") => process.stdout.write(`${line}\n`);

write(`${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}, Node ${process.version}`);
write();

const sizes = await measureSizes();
write("What is shipped");
write(`  worker, gzip              ${sizes.workerGzipKb.toFixed(0)} KB   (target: at most 500)`);
write(`  booking page JS+CSS, gzip ${sizes.bookingPageGzipKb.toFixed(1)} KB   (target: at most 40)`);
write(`  worker start-up           ${sizes.startupMs.toFixed(0)} ms   (platform limit: 1000)`);
write();

write("60 days of 30-minute slots, Monday to Friday 9-17, New York (floor: a loop over integers)");
write(
  table(
    ["busy periods", "slots", "product µs", "floor µs", "ratio", "floor that sorts µs", "slots/s"],
    measureLists().map(({ busyPeriods, slots, productUs, floorUs, floorSortingUs }) => [
      String(busyPeriods),
      String(slots),
      productUs.toFixed(1),
      floorUs.toFixed(1),
      (productUs / floorUs).toFixed(1),
      floorSortingUs.toFixed(1),
      Math.round((slots / productUs) * 1e6).toLocaleString("en"),
    ]),
  ),
);
write("  (targets: at most 5 times the floor without busy periods, under 1,000 µs with 1,000 of them)");
write();

write("Judging one start (floor: a look at every busy period)");
write(
  table(
    ["busy periods", "product µs", "floor µs"],
    measureJudgements().map(({ busyPeriods, productUs, floorUs }) => [
      String(busyPeriods),
      productUs.toFixed(1),
      floorUs.toFixed(1),
    ]),
  ),
);
write("  (target: under 50 µs with 10,000)");
write();

write(feedTable(await measureFeedReadings()));
write();

write("Bookings over HTTP (floor: one row in a Durable Object's transaction, same router)");
write(
  "Medians of rounds in which product and floor take turns; the hosts' records were read a moment before.",
);
write("CPU is what workerd used for each booking; the product's includes D1 and the delivery to it.");
write();
await withBothSides(measureOverHttp);

async function measureOverHttp(sides: BothSides): Promise<void> {
  const { network, product } = sides;
  const ask = await signInBookers(product.broker);
  const publish = (name: string) => publishBenchHost(network, product.broker.brokerDid, name);
  const hosts: BenchHost[] = [];
  for (let index = 0; index < MANY_HOSTS; index += 1) hosts.push(await publish(`bench-host-${index}`));

  write("One host");
  write(loadTable(await measureBookings(sides, [await publish("bench-host")], ask)));
  write();
  write(`${MANY_HOSTS} hosts in turn`);
  write(loadTable(await measureBookings(sides, hosts, ask)));
  write();
  write(contendedTable(await measureContendedSlots(sides, await publish("bench-wanted"), ask)));
  write();
  write("One host whose calendar is full, booked in the gaps, 16 sockets");
  write(fullCalendarTable(await measureFullCalendars(sides, ask)));
  write();
  write(refreshTable(await measureRefreshing(network)));
}
