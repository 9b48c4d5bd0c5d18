/** SabreDAV, the library below Nextcloud and Baikal, in PHP's own web server on SQLite. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort, isInstalled, speaking, startProgram, stopProgram } from "./caldav-server.ts";
import type { CalDavServer } from "./caldav-server.ts";

export const SABREDAV_PACKAGES = "php-cli php-sqlite3 php-xml php-mbstring php-sabre-dav";
const LIBRARY = "/usr/share/php/Sabre/autoload.php";

export function canRunSabreDav(): boolean {
  return isInstalled("php") && isInstalled(`php && test -e ${LIBRARY}`);
}

export async function startSabreDav(): Promise<CalDavServer> {
  const folder = await mkdtemp(join(tmpdir(), "atproto-cal-sabredav-"));
  await writeFile(join(folder, "server.php"), SERVER);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const child = await startProgram("php", ["-S", `127.0.0.1:${port}`, "server.php"], url, folder);
  return {
    ...speaking(url, "/calendars/alice/", "alice", "secret"),
    async stop() {
      await stopProgram(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const SERVER = `<?php
// This old library speaks of things that PHP 8 does not like, and PHP would answer with it.
error_reporting(0);
date_default_timezone_set('America/New_York');
require_once '${LIBRARY}';
$file = __DIR__ . '/db.sqlite';
$isNew = !file_exists($file);
$pdo = new PDO('sqlite:' . $file);
$pdo->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
if ($isNew) {
  foreach (['calendars', 'principals', 'locks'] as $table) {
    $pdo->exec(file_get_contents("/usr/share/doc/php-sabre-dav/examples/sql/sqlite.$table.sql"));
  }
  $pdo->exec("DELETE FROM principals");
  $pdo->exec("INSERT INTO principals (uri, email, displayname) VALUES ('principals/alice', 'alice@example.com', 'Alice')");
}
class Passwords extends Sabre\\DAV\\Auth\\Backend\\AbstractBasic {
  protected function validateUserPass($user, $password) {
    return $user === 'alice' && $password === 'secret';
  }
}
$principals = new Sabre\\DAVACL\\PrincipalBackend\\PDO($pdo);
$calendars = new Sabre\\CalDAV\\Backend\\PDO($pdo);
$server = new Sabre\\DAV\\Server([
  new Sabre\\CalDAV\\Principal\\Collection($principals),
  new Sabre\\CalDAV\\CalendarRootNode($principals, $calendars),
]);
$server->setBaseUri('/');
$server->addPlugin(new Sabre\\DAV\\Auth\\Plugin(new Passwords(), 'SabreDAV'));
$server->addPlugin(new Sabre\\DAVACL\\Plugin());
$server->addPlugin(new Sabre\\CalDAV\\Plugin());
$server->exec();
`;
