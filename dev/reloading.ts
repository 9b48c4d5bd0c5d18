/** `npm run dev`: the same local network, with `wrangler dev` rebuilding the worker and the UI on every change. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brokerDidOf, brokerSecrets, brokerVars, mailVars } from "./broker-secrets.ts";
import { startWrangler } from "./child.ts";
import { greeting } from "./greeting.ts";
import { runLocally } from "./local-run.ts";
import { startMailSink } from "./mail-sink.ts";
import { startNetwork } from "./network.ts";
import { seed } from "./seed.ts";

await runLocally(async ({ ports, dataDir, signal, onStop, fail }) => {
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

  const brokerDir = join(dataDir, "broker");
  mkdirSync(brokerDir, { recursive: true });
  const envFile = join(brokerDir, "secrets.env");
  const secrets = Object.entries(brokerSecrets(brokerDir)).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(envFile, secrets.join(""), { mode: 0o600 });

  const migrate = startWrangler(
    ["d1", "migrations", "apply", "DB", "--local", "--persist-to", brokerDir],
    "collect",
  );
  onStop(() => migrate.stop());
  const migrated = await migrate.exited;
  signal.throwIfAborted();
  if (migrated.code !== 0) throw new Error(migrated.output);

  const vars = Object.entries({
    ...brokerVars({ port: ports.PORT, plcUrl: network.plcUrl, pdsUrl: network.pdsUrl }),
    ...mailVars(mail.url),
  });
  const wrangler = startWrangler(
    [
      "dev",
      "--ip=127.0.0.1",
      `--port=${ports.PORT}`,
      "--inspector-port=0",
      `--persist-to=${brokerDir}`,
      `--env-file=${envFile}`,
      ...vars.flatMap(([name, value]) => ["--var", `${name}:${value}`]),
      "--show-interactive-dev-session=false",
    ],
    "show",
  );
  onStop(() => wrangler.stop());
  void wrangler.exited.then(({ code }) => fail(new Error(`wrangler dev ended with code ${String(code)}.`)));
  console.log(greeting({ ports, dataDir }));
});
