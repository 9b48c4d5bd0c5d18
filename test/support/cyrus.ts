/** Cyrus, the most faithful CalDAV server there is in Debian. It runs as its own user, so only root can start it. */

import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

import { freePort, isInstalled, speaking, startProgram, stopProgram } from "./caldav-server.ts";
import type { CalDavServer } from "./caldav-server.ts";

export const CYRUS_PACKAGES = "cyrus-caldav cyrus-imapd sasl2-bin libsasl2-modules msmtp-mta";
const MASTER = "/usr/sbin/cyrmaster";
const PASSWORD = "secret";

export function canRunCyrus(): boolean {
  return isInstalled(MASTER) && isInstalled("saslpasswd2") && process.getuid?.() === 0;
}

export async function startCyrus(): Promise<CalDavServer> {
  const folder = await mkdtemp(join(tmpdir(), "atproto-cal-cyrus-"));
  await chmod(folder, 0o755);
  for (const part of ["lib/socket", "spool", "run/proc", "run/lock", "run/socket"]) {
    await mkdir(join(folder, part), { recursive: true });
  }
  const [http, imap] = [await freePort(), await freePort()];
  await writeFile(join(folder, "imapd.conf"), settings(folder));
  await writeFile(join(folder, "cyrus.conf"), services(folder, http, imap));
  for (const user of ["alice", "cyrus"]) {
    const args = ["-p", "-c", "-f", join(folder, "sasldb2"), "-u", hostname(), user];
    spawnSync("saslpasswd2", args, { input: PASSWORD });
  }
  spawnSync("chown", ["-R", "cyrus:mail", folder]);
  const url = `http://127.0.0.1:${http}/`;
  const files = ["-C", join(folder, "imapd.conf"), "-M", join(folder, "cyrus.conf")];
  const child = await startProgram(MASTER, [...files, "-p", join(folder, "run/master.pid"), "-D"], url);
  // Calendars are made below a mailbox.
  await tellImap(imap, [`LOGIN cyrus ${PASSWORD}`, "CREATE user/alice", "LOGOUT"]);
  return {
    ...speaking(url, "/dav/calendars/user/alice/", "alice", PASSWORD),
    async stop() {
      await stopProgram(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function settings(folder: string): string {
  return [
    `configdirectory: ${folder}/lib`,
    `proc_path: ${folder}/run/proc`,
    `mboxname_lockpath: ${folder}/run/lock`,
    "defaultpartition: default",
    `partition-default: ${folder}/spool`,
    "admins: cyrus",
    "httpmodules: caldav",
    "allowplaintext: yes",
    "virtdomains: off",
    "sasl_pwcheck_method: auxprop",
    "sasl_auxprop_plugin: sasldb",
    `sasl_sasldb_path: ${folder}/sasldb2`,
    "sasl_mech_list: PLAIN LOGIN",
    "unixhierarchysep: yes",
    "altnamespace: yes",
    ...["lmtp", "idle", "notify"].map((name) => `${name}socket: ${folder}/run/socket/${name}`),
    "",
  ].join("\n");
}

function services(folder: string, http: number, imap: number): string {
  const conf = `-C ${folder}/imapd.conf`;
  return [
    `START { recover cmd="/usr/sbin/cyrus ctl_cyrusdb ${conf} -r" }`,
    "SERVICES {",
    `  imap cmd="imapd ${conf}" listen="127.0.0.1:${imap}" prefork=0`,
    `  http cmd="httpd ${conf}" listen="127.0.0.1:${http}" prefork=0`,
    "}",
    "EVENTS { }",
    "",
  ].join("\n");
}

async function tellImap(port: number, commands: readonly string[]): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  let heard = "";
  socket.on("data", (part: Buffer) => {
    heard += part.toString();
  });
  socket.write(commands.map((command, at) => `a${at} ${command}\r\n`).join(""));
  await once(socket, "close");
  for (const at of commands.keys()) {
    if (!heard.includes(`a${at} OK`)) {
      throw new Error(`IMAP: ${heard}`);
    }
  }
}
