/** A directory, a PDS and its authorization server, answered from memory for the Account under test. Never checks a DPoP proof. */

import { env } from "cloudflare:workers";
import { vi } from "vitest";

/** A person nobody has met in an earlier test: an Account keeps what it knows, and identities are cached. */
export function newDid(): string {
  const letters = [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => DID_LETTERS[byte % 32]);
  return `did:plc:${letters.join("")}`;
}

/** Every DID of this network has the handle that spells it. */
export function handleOf(did: string): string {
  return `p${did.slice("did:plc:".length)}.test`;
}

const DID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

const PDS = new URL(env.HANDLE_RESOLVER_URL).origin;

/** What the authorization server does when somebody approves. */
export interface Approval {
  /** Who they turn out to be. */
  readonly sub: string;
  /** What they allow; all that was asked by default. */
  readonly scope?: string;
  /** Seconds that access tokens live. */
  readonly expiresIn?: number;
}

type Answer = (body: string, headers: Headers) => Response | Promise<Response>;

export class AccountNetwork {
  /** Every scope asked for, in order. */
  readonly asked: string[] = [];
  /** Every token taken back. */
  readonly revoked: string[] = [];
  refreshes = 0;
  writes: string[] = [];
  /** Answers of paths under test, instead of the usual ones. */
  readonly answers = new Map<string, Answer>();
  readonly #requests = new Map<string, URLSearchParams>();
  readonly #codes = new Map<string, Required<Approval>>();
  readonly #refreshTokens = new Map<string, Required<Approval>>();
  #made = 0;

  /** Answers every outgoing call of this isolate until `vi.restoreAllMocks()`. */
  listen(): this {
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const request = new Request(input, init);
      const body = new TextDecoder().decode(await request.arrayBuffer());
      const { pathname } = new URL(request.url);
      const answer = this.answers.get(pathname);
      return answer ? answer(body, request.headers) : this.#usual(request.url, body);
    });
    return this;
  }

  /** The query with which the browser comes back to us after somebody approved what the page at `url` asks. */
  approve(url: string, { sub, scope, expiresIn = 3_600 }: Approval): string {
    const request = this.#request(url);
    const code = this.#make("code");
    this.#codes.set(code, { sub, scope: scope ?? request.get("scope") ?? "", expiresIn });
    return this.#back(request, { code });
  }

  deny(url: string): string {
    return this.#back(this.#request(url), { error: "access_denied" });
  }

  /** Ends a person's session at the authorization server, as they can from its pages. */
  endSessions(): void {
    this.#refreshTokens.clear();
  }

  #request(url: string): URLSearchParams {
    const request = this.#requests.get(new URL(url).searchParams.get("request_uri") ?? "");
    if (request === undefined) throw new Error("nothing was pushed for this page");
    return request;
  }

  #back(request: URLSearchParams, answer: Record<string, string>): string {
    return `?${new URLSearchParams({ iss: PDS, state: request.get("state") ?? "", ...answer }).toString()}`;
  }

  #make(what: string): string {
    this.#made += 1;
    return `${what}-${this.#made}`;
  }

  #usual(address: string, body: string): Response {
    const url = new URL(address);
    const form = new URLSearchParams(body);
    if (url.origin === new URL(env.PLC_URL).origin) {
      return Response.json(documentOf(url.pathname.slice(1)));
    }
    switch (url.pathname) {
      case "/xrpc/com.atproto.identity.resolveHandle":
        return Response.json({ did: `did:plc:${url.searchParams.get("handle")?.slice(1, 25)}` });
      case "/.well-known/oauth-protected-resource":
        return Response.json({ resource: PDS, authorization_servers: [PDS] });
      case "/.well-known/oauth-authorization-server":
        return Response.json(SERVER_METADATA);
      case "/oauth/par": {
        const requestUri = this.#make("urn:ietf:params:oauth:request_uri:req");
        this.#requests.set(requestUri, form);
        this.asked.push(form.get("scope") ?? "");
        return Response.json({ request_uri: requestUri, expires_in: 60 }, { status: 201 });
      }
      case "/oauth/token":
        return this.#token(form);
      case "/oauth/revoke":
        this.revoked.push(form.get("token") ?? "");
        return Response.json({});
      case "/xrpc/com.atproto.repo.applyWrites":
        this.writes.push(body);
        return Response.json({});
    }
    return Response.json({ error: "NotFound" }, { status: 404 });
  }

  /** Codes and refresh tokens are good once, as they are in earnest. */
  #token(form: URLSearchParams): Response {
    const isRefresh = form.get("grant_type") === "refresh_token";
    const given = form.get(isRefresh ? "refresh_token" : "code") ?? "";
    const grants = isRefresh ? this.#refreshTokens : this.#codes;
    const grant = grants.get(given);
    grants.delete(given);
    if (grant === undefined) {
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    }
    this.refreshes += isRefresh ? 1 : 0;
    const refreshToken = this.#make("refresh-token");
    this.#refreshTokens.set(refreshToken, grant);
    return Response.json({
      token_type: "DPoP",
      access_token: this.#make("access-token"),
      refresh_token: refreshToken,
      expires_in: grant.expiresIn,
      scope: grant.scope,
      sub: grant.sub,
    });
  }
}

const SERVER_METADATA = {
  issuer: PDS,
  authorization_endpoint: `${PDS}/oauth/authorize`,
  token_endpoint: `${PDS}/oauth/token`,
  pushed_authorization_request_endpoint: `${PDS}/oauth/par`,
  revocation_endpoint: `${PDS}/oauth/revoke`,
  require_pushed_authorization_requests: true,
  scopes_supported: ["atproto"],
  response_types_supported: ["code"],
  response_modes_supported: ["query"],
  grant_types_supported: ["authorization_code", "refresh_token"],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
  token_endpoint_auth_signing_alg_values_supported: ["ES256"],
  dpop_signing_alg_values_supported: ["ES256"],
  authorization_response_iss_parameter_supported: true,
  client_id_metadata_document_supported: true,
  protected_resources: [PDS],
};

function documentOf(did: string): object {
  return {
    "@context": ["https://www.w3.org/ns/did/v1"],
    id: did,
    alsoKnownAs: [`at://${handleOf(did)}`],
    service: [{ id: "#atproto_pds", type: "AtprotoPersonalDataServer", serviceEndpoint: PDS }],
  };
}
