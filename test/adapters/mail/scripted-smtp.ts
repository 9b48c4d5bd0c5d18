/** A server that says what a test tells it to, whatever SMTP would want, and remembers what it was told. */

import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** What it does: says this, as it is ("" is silence), hangs up (null), or something else. */
export type Does = string | null | ((socket: Socket) => void);

export type Script = Readonly<Partial<Record<Said, Does>>>;

/** `greeting`: it was connected to. `message`: the end of DATA. `anything`: what no other names. */
export type Said =
  | "greeting"
  | "EHLO"
  | "STARTTLS"
  | "AUTH"
  | "MAIL"
  | "RCPT"
  | "DATA"
  | "message"
  | "QUIT"
  | "anything";

/** All goes well. */
const WELL: Readonly<Record<Said, Does>> = {
  greeting: "220 mail.example\r\n",
  EHLO: "250-mail.example\r\n250 AUTH PLAIN\r\n",
  STARTTLS: "220 go on\r\n",
  AUTH: "235 welcome\r\n",
  MAIL: "250 OK\r\n",
  RCPT: "250 OK\r\n",
  DATA: "354 go on\r\n",
  message: "250 2.0.0 queued\r\n",
  QUIT: "221 bye\r\n",
  anything: "500 what?\r\n",
};

export interface ScriptedSmtp {
  readonly port: number;
  /** Commands, in the order they were said. */
  readonly heard: readonly string[];
  stop(): Promise<void>;
}

export async function startScriptedSmtp(script: Script): Promise<ScriptedSmtp> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    const react = (said: Said): void => {
      const { [said]: does } = { ...WELL, ...script };
      if (typeof does === "function") {
        does(socket);
      } else if (does === null) {
        socket.destroy();
      } else if (does !== "") {
        socket.write(does);
      }
    };
    let received = "";
    let inData = false;
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      for (let end = received.indexOf("\r\n"); end >= 0; end = received.indexOf("\r\n")) {
        const line = received.slice(0, end);
        received = received.slice(end + 2);
        if (inData) {
          inData = line !== ".";
          if (!inData) {
            react("message");
          }
          continue;
        }
        heard.push(line);
        const verb = line.split(" ")[0] ?? "";
        const known = verb in WELL && verb === verb.toUpperCase() ? (verb as Said) : "anything";
        inData = known === "DATA" && String(script.DATA ?? WELL.DATA).startsWith("354");
        react(known);
      }
    });
    react("greeting");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}
