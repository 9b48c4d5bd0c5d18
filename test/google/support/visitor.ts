/** Somebody who uses the stand-in as a product would: sends a person to the consent page, changes the code for tokens, calls the API. */

import { createHash, randomBytes } from "node:crypto";
import type { Google } from "../stand-in.ts";

export const CLIENT = {
  id: "broker.apps.example.com",
  secret: "not-a-real-secret",
  redirectUris: ["http://127.0.0.1:9/callback"],
};

export interface Tokens {
  readonly access_token: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly token_type: string;
  readonly refresh_token?: string;
  readonly refresh_token_expires_in?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined: no JSON. */
  readonly body: unknown;
}

export const scopesOf = (...short: readonly string[]): string =>
  short.map((name) => `https://www.googleapis.com/auth/${name}`).join(" ");

/** A fresh verifier and its S256 challenge. */
export function pkce(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** The address of the consent page, every parameter to be overridden. */
export function consentUrl(google: Google, overrides: Readonly<Record<string, string>> = {}): URL {
  const url = new URL("/o/oauth2/v2/auth", google.url);
  const parameters = {
    client_id: CLIENT.id,
    redirect_uri: CLIENT.redirectUris[0] ?? "",
    response_type: "code",
    access_type: "offline",
    scope: scopesOf("calendar.readonly"),
    state: "state-1",
    ...overrides,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

/** Presses a button on the consent page; the answer's address is where the person is sent. */
export async function decide(
  url: URL,
  choice: {
    readonly email: string;
    readonly ticked: readonly string[];
    readonly decision?: "allow" | "cancel";
  },
): Promise<URL> {
  const form = new URLSearchParams({ account: choice.email, decision: choice.decision ?? "allow" });
  for (const scope of choice.ticked) form.append("scope", scope);
  const response = await fetch(url, { method: "POST", body: form, redirect: "manual" });
  return new URL(response.headers.get("location") ?? "about:blank");
}

export async function token(google: Google, form: Readonly<Record<string, string>>): Promise<Answer> {
  const body = new URLSearchParams({ client_id: CLIENT.id, client_secret: CLIENT.secret, ...form });
  return answerOf(await fetch(`${google.url}/token`, { method: "POST", body }));
}

/** The whole way from the consent page to tokens, all scopes ticked. */
export async function signIn(google: Google, email: string, ...scopes: readonly string[]): Promise<Tokens> {
  const { verifier, challenge } = pkce();
  const url = consentUrl(google, {
    scope: scopesOf(...scopes),
    prompt: "consent",
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  const back = await decide(url, { email, ticked: scopes });
  const { body } = await token(google, {
    grant_type: "authorization_code",
    code: back.searchParams.get("code") ?? "",
    redirect_uri: CLIENT.redirectUris[0] ?? "",
    code_verifier: verifier,
  });
  return body as Tokens;
}

/** A call to the Calendar API; the path is below `/calendar/v3`. */
export async function call(
  google: Google,
  accessToken: string,
  line: `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const [method = "GET", path = ""] = line.split(" ");
  return answerOf(
    await fetch(`${google.url}/calendar/v3${path}`, {
      method,
      headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true && text !== "";
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : undefined,
  };
}
