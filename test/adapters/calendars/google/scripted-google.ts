/** A Google that says what a test tells it to, and remembers what it was asked. */

import type { IncomingMessage, ServerResponse } from "node:http";
import {
  formatAccess,
  READ_SCOPES,
  WRITE_SCOPE,
} from "../../../../adapters/calendars/google/google-access.ts";
import type { Access, SourceSettings } from "../../../../adapters/calendars/source.ts";
import { startServer } from "../../atproto/loopback-server.ts";

export const NOW = Date.UTC(2026, 10, 25, 12);
const HOUR_MS = 3_600_000;

export interface Asked {
  readonly method: string;
  /** With its query, below the base. */
  readonly path: string;
  readonly authorization?: string;
  /** Parsed, where it is JSON; a form as text. */
  readonly body: unknown;
}

export interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is text. */
  readonly body?: unknown;
  /** Never comes to an end. */
  readonly hangs?: boolean;
  readonly breaksOff?: boolean;
}

export interface ScriptedGoogle {
  readonly settings: SourceSettings;
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

export const TOKENS = { access_token: "token-2", expires_in: 3_599, token_type: "Bearer" };

export async function startScriptedGoogle(answer: (asked: Asked) => Scripted): Promise<ScriptedGoogle> {
  const asked: Asked[] = [];
  const server = await startServer((request, response) => {
    askedBy(request).then(
      (now) => {
        asked.push(now);
        send(response, answer(now));
      },
      () => response.destroy(),
    );
  });
  return { settings: settingsFor(server.url), asked, stop: () => server.stop() };
}

function send(response: ServerResponse, { status = 200, headers, body = "", ...manner }: Scripted): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  const text = body instanceof Uint8Array || typeof body === "string" ? body : JSON.stringify(body);
  if (manner.breaksOff === true) {
    response.write(text, () => response.destroy());
  } else if (manner.hangs === true) {
    response.write(text);
  } else {
    response.end(text);
  }
}

export function settingsFor(url: string): SourceSettings {
  return {
    ALLOW_LOOPBACK: "true",
    PUBLIC_URL: "https://cal.example",
    GOOGLE_CLIENT_ID: "client-1",
    GOOGLE_CLIENT_SECRET: "client-secret-1",
    GOOGLE_URL: url,
  };
}

/** With an access token that lives for an hour, unless `accessUntil` (epoch ms) says otherwise. */
export function accessUntil(until: number = NOW + HOUR_MS, scopes = [...READ_SCOPES, WRITE_SCOPE]): Access {
  return formatAccess({
    refreshToken: "refresh-1",
    accessToken: "token-1",
    accessUntil: until,
    scope: scopes.join(" "),
  });
}

async function askedBy(request: IncomingMessage): Promise<Asked> {
  const chunks: Uint8Array[] = await request.toArray();
  const text = Buffer.concat(chunks).toString();
  const isJson = request.headers["content-type"] === "application/json";
  const body: unknown = isJson ? JSON.parse(text) : text;
  const { authorization } = request.headers;
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    ...(authorization !== undefined && { authorization }),
    body,
  };
}
