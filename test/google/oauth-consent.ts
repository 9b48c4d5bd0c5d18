/** `/o/oauth2/v2/auth`: who asks for what, the page on which a person decides, and the way back. */

import { addToGrant, liveGrant, secretText } from "./grants.ts";
import { MINUTE } from "./times.ts";
import { SCOPES, fullScope, shortScope } from "./scopes.ts";
import type { Client, State } from "./state.ts";

const CODE_LIFE = 10 * MINUTE;

/** A page, or a redirect. */
export interface Page {
  readonly status: number;
  readonly html?: string;
  readonly location?: string;
}

interface Asked {
  readonly client: Client;
  readonly redirectUri: string;
  /** Short names, in the order asked. */
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly challenge: string | null;
  readonly isOffline: boolean;
  readonly prompts: readonly string[];
  readonly includesGranted: boolean;
  readonly loginHint: string | null;
}

/** Shows the consent page, or the page that says what is wrong: Google never redirects to an address it does not trust. */
export function showConsent(state: State, query: URLSearchParams): Page {
  const asked = readAsked(state, query);
  if ("problem" in asked) return problemPage(asked.status, asked.problem, asked.detail);
  if (asked.prompts.includes("none")) return redirectTo(asked, { error: "interaction_required" });
  return { status: 200, html: consentPage(state, asked, query) };
}

/** What the form of the page says: `account`, `scope` for each that is ticked, `decision` (`allow` or `cancel`). */
export function decideConsent(state: State, query: URLSearchParams, form: URLSearchParams): Page {
  const asked = readAsked(state, query);
  if ("problem" in asked) return problemPage(asked.status, asked.problem, asked.detail);
  const email = form.get("account") ?? "";
  if (!state.accounts.has(email)) return problemPage(400, "invalid_request", "Choose an account.");
  const ticked = new Set(form.getAll("scope").filter((scope) => asked.scopes.includes(scope)));
  if (form.get("decision") !== "allow" || ticked.size === 0) {
    return redirectTo(asked, { error: "access_denied" });
  }
  const { grant, isNew } = addToGrant(state, asked.client.id, email, ticked);
  const scopes = asked.includesGranted ? grant.scopes : ticked;
  const code = secretText("4/0A");
  state.codes.set(code, {
    grant,
    scopes,
    redirectUri: asked.redirectUri,
    ...(asked.challenge === null ? {} : { challenge: asked.challenge }),
    isOffline: asked.isOffline && (isNew || asked.prompts.includes("consent")),
    expiresAt: state.now() + CODE_LIFE,
    isUsed: false,
  });
  return redirectTo(asked, {
    code,
    scope: [...scopes].map(fullScope).join(" "),
    authuser: "0",
    prompt: "consent",
  });
}

type Problem = { readonly status: number; readonly problem: string; readonly detail: string };

function readAsked(state: State, query: URLSearchParams): Asked | Problem {
  const problem = (status: number, name: string, detail: string): Problem => ({
    status,
    problem: name,
    detail,
  });
  for (const name of query.keys()) {
    if (query.getAll(name).length > 1) return problem(400, "invalid_request", `Repeated parameter: ${name}`);
  }
  const clientId = query.get("client_id");
  if (clientId === null) return problem(400, "invalid_request", "Missing required parameter: client_id");
  const client = state.clients.get(clientId);
  if (client === undefined) return problem(401, "invalid_client", "The OAuth client was not found.");
  const redirectUri = query.get("redirect_uri");
  if (redirectUri === null)
    return problem(400, "invalid_request", "Missing required parameter: redirect_uri");
  if (!client.redirectUris.includes(redirectUri)) {
    return problem(
      400,
      "redirect_uri_mismatch",
      "You can't sign in because this app sent an invalid request.",
    );
  }
  const responseType = query.get("response_type");
  if (responseType === null) {
    return problem(400, "invalid_request", "Missing required parameter: response_type");
  }
  if (responseType !== "code")
    return problem(400, "unsupported_response_type", `Invalid response_type: ${responseType}`);
  const names = (query.get("scope") ?? "").split(" ").filter((name) => name !== "");
  if (names.length === 0) return problem(400, "invalid_request", "Missing required parameter: scope");
  const scopes = names.map(shortScope);
  const unknown = names.filter((_, at) => scopes[at] === undefined);
  if (unknown.length > 0) {
    return problem(400, "invalid_scope", `Some requested scopes were invalid. ${unknown.join(" ")}`);
  }
  const challenge = query.get("code_challenge");
  const challengeMethod = query.get("code_challenge_method") ?? "plain";
  if (challenge !== null && challengeMethod !== "S256") {
    return problem(400, "invalid_request", "This stand-in takes code_challenge_method=S256 only.");
  }
  if (challenge !== null && !/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    return problem(400, "invalid_request", "Invalid code_challenge.");
  }
  return {
    client,
    redirectUri,
    scopes: [...new Set(scopes.filter((scope) => scope !== undefined))],
    state: query.get("state"),
    challenge,
    isOffline: query.get("access_type") === "offline",
    prompts: (query.get("prompt") ?? "").split(" "),
    includesGranted: query.get("include_granted_scopes") === "true",
    loginHint: query.get("login_hint"),
  };
}

function redirectTo(asked: Asked, answer: Readonly<Record<string, string>>): Page {
  const url = new URL(asked.redirectUri);
  if (asked.state !== null) url.searchParams.set("state", asked.state);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  return { status: 302, location: url.href };
}

/** Scopes already granted are ticked, others are for the person to tick, as Google has it. */
function consentPage(state: State, asked: Asked, query: URLSearchParams): string {
  const emails = [...state.accounts.keys()];
  const chosen = emails.find((email) => email === asked.loginHint) ?? emails[0] ?? "";
  const granted = liveGrant(state, asked.client.id, chosen)?.scopes ?? new Set<string>();
  const accounts = emails
    .map((email) => `<option${email === chosen ? " selected" : ""}>${escaped(email)}</option>`)
    .join("");
  const boxes = asked.scopes
    .map(
      (scope) =>
        `<p><label><input type="checkbox" name="scope" value="${scope}"${granted.has(scope) ? " checked" : ""}> ${escaped(SCOPES[scope] ?? scope)}</label></p>`,
    )
    .join("\n");
  return page(
    `${escaped(asked.client.id)} wants access to your Google Account`,
    `<form method="post" action="/o/oauth2/v2/auth?${escaped(query.toString())}">
<p><label>Account <select name="account">${accounts}</select></label></p>
${boxes}
<p><label><input type="checkbox" onchange="for (const box of document.querySelectorAll('[name=scope]')) box.checked = this.checked"> Select all</label></p>
<p><button name="decision" value="cancel">Cancel</button> <button name="decision" value="allow">Allow</button></p>
</form>`,
  );
}

function problemPage(status: number, name: string, detail: string): Page {
  return {
    status,
    html: page("Access blocked", `<p>Error ${status}: ${escaped(name)}</p><p>${escaped(detail)}</p>`),
  };
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body><main><h1>${title}</h1>
${body}
<p>This is a stand-in for Google on this machine.</p></main></body></html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
