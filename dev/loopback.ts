/** Listening on this machine only: 127.0.0.1 and, where it exists, ::1, since `localhost` may mean either. Never on other interfaces. */

import { once } from "node:events";
import { createServer } from "node:net";
import type { Server } from "node:http";

/** Somebody else holds the port. */
export class PortInUse extends Error {
  readonly port: number;

  constructor(port: number) {
    super(`port ${port} is already in use`);
    this.port = port;
  }
}

/**
 * Opens a port on both loopback addresses; returns a function that closes them and drops every connection.
 * @param open starts one server on `(port, host)`
 * @throws PortInUse
 */
export async function listenOnLoopback(
  port: number,
  open: (port: number, host: string) => Server,
): Promise<() => Promise<void>> {
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => closeServer(server)));
  };
  try {
    for (const host of ["127.0.0.1", "::1"]) {
      const server = open(port, host);
      try {
        await once(server, "listening");
        servers.push(server);
      } catch (error) {
        if (codeOf(error) === "EADDRINUSE") throw new PortInUse(port);
        // A machine without IPv6 says one of these; IPv4 alone is enough there.
        if (host !== "::1" || !["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(codeOf(error))) throw error;
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}

/** Says whether something could listen on this port of 127.0.0.1 now. */
export async function isPortFree(port: number): Promise<boolean> {
  const probe = createServer();
  probe.listen(port, "127.0.0.1");
  try {
    await once(probe, "listening");
  } catch {
    return false;
  }
  probe.close();
  await once(probe, "close");
  return true;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("The probe has no port.");
  return address.port;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
