/** The line to an SMTP server: commands out, replies in (RFC 5321 4.2), within limits. Knows no mail. */

/** A connection; that of `cloudflare:sockets`, as far as it is used here. */
export interface SmtpSocket {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  /** The same connection behind TLS; neither end may have read or written more by then. */
  startTls(): SmtpSocket;
  close(): Promise<unknown>;
}

export interface SmtpReply {
  /** Three digits. */
  readonly code: number;
  /** Of RFC 3463, such as "5.1.1"; empty where there is none. */
  readonly enhanced: string;
  /** What is behind the code on each line. For what a server can do, and never for others' eyes: it may repeat addresses. */
  readonly lines: readonly string[];
}

/** The server does not speak SMTP, or says too much. */
export class NotSmtp extends Error {}

/** RFC 5321 4.5.3.1.5 allows 512 for a line; nobody needs a thousand times that for an answer. */
const MAX_REPLY_LENGTH = 64 * 1024;

const encoder = new TextEncoder();

/** Its methods throw what the connection throws, and NotSmtp. */
export class SmtpLine {
  #socket: SmtpSocket;
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #decoder = new TextDecoder();
  /** Received, but not yet read. */
  #received = "";

  constructor(socket: SmtpSocket) {
    this.#socket = socket;
    this.#reader = socket.readable.getReader();
    this.#writer = socket.writable.getWriter();
  }

  /** Says one thing, and hears what the server answers. */
  async ask(command: string): Promise<SmtpReply> {
    await this.say(command);
    return await this.reply();
  }

  async say(command: string): Promise<void> {
    await this.#writer.write(encoder.encode(`${command}\r\n`));
  }

  /** One reply, of as many lines as it has. */
  async reply(): Promise<SmtpReply> {
    const lines: string[] = [];
    let length = 0;
    for (;;) {
      const line = await this.#line(MAX_REPLY_LENGTH - length);
      length += line.length;
      const parsed = /^([2-5]\d\d)(?:([ -])(.*))?$/s.exec(line);
      if (parsed === null) {
        throw new NotSmtp();
      }
      const [, code, separator, text = ""] = parsed;
      lines.push(text);
      if (separator !== "-") {
        const enhanced = /^[245]\.\d{1,3}\.\d{1,3}(?= |$)/.exec(text)?.[0] ?? "";
        return { code: Number(code), enhanced, lines };
      }
    }
  }

  /**
   * Goes on behind TLS.
   * @throws NotSmtp when the server said more before that, which could be anybody's (RFC 3207 4.2, CVE-2011-0411)
   */
  upgrade(): void {
    if (this.#received !== "") {
      throw new NotSmtp();
    }
    this.#reader.releaseLock();
    this.#writer.releaseLock();
    this.#socket = this.#socket.startTls();
    this.#reader = this.#socket.readable.getReader();
    this.#writer = this.#socket.writable.getWriter();
    this.#decoder = new TextDecoder();
  }

  /** Not waited for: in workerd, closing a connection that was upgraded never settles. */
  close(): void {
    this.#socket.close().catch(() => undefined);
  }

  async #line(maxLength: number): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf("\n");
      if (end >= 0) {
        const line = this.#received.slice(0, end);
        this.#received = this.#received.slice(end + 1);
        return line.endsWith("\r") ? line.slice(0, -1) : line;
      }
      if (this.#received.length > maxLength) {
        throw new NotSmtp();
      }
      const { done, value } = await this.#reader.read();
      if (done) {
        throw new Error("the server hung up");
      }
      this.#received += this.#decoder.decode(value, { stream: true });
    }
  }
}
