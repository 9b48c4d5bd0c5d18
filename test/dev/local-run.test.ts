import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort, listenOnLoopback } from "../../dev/loopback.ts";
import { freePorts, startScript } from "./support/started.ts";
import type { Started } from "./support/started.ts";

describe("a run that cannot start says why in one sentence and ends with 1", () => {
  let folder: string;
  let running: Started[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "atproto-cal-run-"));
    running = [];
  });
  afterEach(async () => {
    for (const each of running) await each.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(env: Record<string, string> = {}): Promise<Started> {
    const started = startScript("test/dev/support/empty-run.ts", {
      ...(await freePorts()),
      DATA_DIR: folder,
      ...env,
    });
    running.push(started);
    return started;
  }

  it("when another run uses its folder; once that one has stopped, it starts", async () => {
    const first = await start();
    await first.printed("up");
    expect(await (await start()).ended).toEqual({
      code: 1,
      output: `Another run already uses ${folder}; stop it, or set DATA_DIR to another folder.\n`,
    });
    process.kill(first.pid, "SIGTERM");
    expect(await first.ended).toEqual({ code: 0, output: "up\n" });
    await (await start()).printed("up");
  });

  it("when the run that held its folder was killed outright, it starts all the same", async () => {
    const first = await start();
    await first.printed("up");
    await first.kill();
    await (await start()).printed("up");
  });

  it.each(["PORT", "PDS_PORT", "PLC_PORT", "SMTP_PORT", "MAIL_PORT"])("when %s is taken", async (name) => {
    const port = await freePort();
    const close = await listenOnLoopback(port, (at, host) => createServer().listen(at, host));
    try {
      expect(await (await start({ [name]: String(port) })).ended).toEqual({
        code: 1,
        output: `Port ${port} is already in use; set ${name} to a free one, for example ${name}=${port + 1} npm start.\n`,
      });
    } finally {
      await close();
    }
  });

  it("when two ports are one", async () => {
    const port = String(await freePort());
    expect(await (await start({ SMTP_PORT: port, MAIL_PORT: port })).ended).toEqual({
      code: 1,
      output: "PORT, PDS_PORT, PLC_PORT, SMTP_PORT and MAIL_PORT must be different ports.\n",
    });
  });

  it("when a port is no port", async () => {
    expect(await (await start({ PORT: "80a" })).ended).toEqual({
      code: 1,
      output: "PORT=80a is not a port; set PORT to a number from 1 to 65535.\n",
    });
  });
});
