/** Node's sockets in the shape of those of `cloudflare:sockets`, so that SMTP can be spoken where tests are quick. */

import { connect as connectTcp } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import type { SmtpSocket } from "../../../adapters/mail/smtp-line.ts";
import type { Connect } from "../../../adapters/mail/smtp.ts";
import { CERTIFICATE } from "./loopback-tls.ts";

export const connectInNode: Connect = ({ hostname, port, security }) =>
  security === "tls"
    ? shaped(connectTls({ host: hostname, port, ca: CERTIFICATE, servername: "localhost" }))
    : shaped(connectTcp({ host: hostname, port }));

function shaped(socket: Socket): SmtpSocket {
  let letGo = (): void => undefined;
  const readable = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const onData = (chunk: Uint8Array): void => controller.enqueue(new Uint8Array(chunk));
      const onEnd = (): void => controller.close();
      const onError = (error: Error): void => controller.error(error);
      socket.on("data", onData).once("end", onEnd).once("error", onError);
      letGo = () => {
        socket.pause().off("data", onData).off("end", onEnd).off("error", onError);
      };
    },
  });
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) =>
      new Promise((written, refused) => {
        socket.write(chunk, (error) => (error ? refused(error) : written()));
      }),
  });
  return {
    readable,
    writable,
    startTls: () => {
      letGo();
      return shaped(connectTls({ socket, ca: CERTIFICATE, servername: "localhost" }));
    },
    close: async () => socket.destroy(),
  };
}
