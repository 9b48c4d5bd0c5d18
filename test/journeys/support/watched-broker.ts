/** Asks a broker over HTTP, and looks into every answer for what whoever asks may not see. */

import type { Found, SecretScan } from "../../support/secret-scan.ts";
import type { Mark } from "./marked-calendars.ts";

export interface Asked {
  readonly cookie?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What belongs to whoever asks, and to nobody else. */
  readonly mayShow?: readonly (Mark | "address of calendars")[];
}

export interface Heard {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
}

type Line = `${"GET" | "POST" | "PUT" | "DELETE"} /${string}`;

export class WatchedBroker {
  readonly #url: string;
  readonly #scan: SecretScan;
  /** What an answer showed that it may not, and a line that was answered so, once for each kind and route. */
  readonly leaks = new Map<string, Found & { readonly line: string }>();
  /** How often each status was answered. */
  readonly statuses = new Map<number, number>();
  /** Bytes of all answers. */
  heard = 0;

  constructor(url: string, scan: SecretScan) {
    this.#url = url;
    this.#scan = scan;
  }

  /** How many requests were answered. */
  get answered(): number {
    return [...this.statuses.values()].reduce((sum, count) => sum + count, 0);
  }

  /** One request. A body is sent as JSON, a text as it is. */
  async ask(line: Line, { cookie, body, headers = {}, mayShow = [] }: Asked = {}): Promise<Heard> {
    const [method = "GET", path = "/"] = line.split(" ");
    const answer = await fetch(this.#url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(cookie !== undefined && { cookie, origin: this.#url }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const all = `${JSON.stringify([...answer.headers])}\n${text}`;
    this.heard += all.length;
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    const allowed: readonly string[] = mayShow;
    const leaks = this.#scan.find(all).filter(({ kind }) => !allowed.includes(kind));
    for (const leak of leaks) this.leaks.set(`${leak.kind} ${routeOf(line)}`, { ...leak, line });
    return { status: answer.status, text, location: answer.headers.get("location") ?? undefined };
  }
}

function routeOf(line: string): string {
  return line.split(/[/?]/).slice(0, 4).join("/");
}
