/** `npm start`: the whole product on this machine, steady: local network, mail sink, seeded people, the built worker. Never reloads. */

import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { brokerDidOf, mailVars } from "./broker-secrets.ts";
import { startBroker } from "./broker.ts";
import { projectRoot } from "./child.ts";
import { greeting } from "./greeting.ts";
import { runLocally } from "./local-run.ts";
import { startMailSink } from "./mail-sink.ts";
import { startNetwork } from "./network.ts";
import { seed } from "./seed.ts";
import { bundleWorker } from "./worker-bundle.ts";

await runLocally(async ({ ports, dataDir, signal, onStop }) => {
  console.log("Starting a PLC directory, a PDS and the broker; the first time takes longest.");
  const bundleDir = join(dataDir, "bundle");
  const bundled = bundleWorker(bundleDir, { configPath: join(projectRoot, "wrangler.toml"), signal });
  onStop(() => bundled.catch(() => undefined)); // Ended by the signal; waited for here.
  bundled.catch(() => undefined); // Reported where it is awaited below.

  const network = await startNetwork({
    dataDir: join(dataDir, "network"),
    plcPort: ports.PLC_PORT,
    pdsPort: ports.PDS_PORT,
  });
  onStop(() => network.stop());
  const mail = await startMailSink({
    port: ports.SMTP_PORT,
    webPort: ports.MAIL_PORT,
    folder: join(dataDir, "mail"),
  });
  onStop(() => mail.stop());
  await seed(network, brokerDidOf(ports.PORT), Date.now());
  await bundled;
  signal.throwIfAborted();

  const log = createWriteStream(join(dataDir, "broker.log"), { flags: "a" });
  const broker = await startBroker({
    plcUrl: network.plcUrl,
    pdsUrl: network.pdsUrl,
    port: ports.PORT,
    dataDir: join(dataDir, "broker"),
    bundleDir,
    vars: mailVars(mail.url),
    onLog: ({ level, message }) => {
      log.write(`${new Date().toISOString()} ${level} ${message}\n`);
      if (level === "error") console.error(message);
    },
  });
  onStop(() => broker.stop());
  await broker.answering();
  console.log(greeting({ ports, dataDir }));
});
