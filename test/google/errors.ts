/** Google's errors: what the handlers throw, and the bodies they become. */

/** Ends a call with an error answer. Only the server catches it. */
export class Refused extends Error {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: object, headers: Readonly<Record<string, string>> = {}) {
    super(`refused with ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export interface ErrorDetail {
  /** Default: `global`. */
  readonly domain?: string;
  /** Names the parameter or header that is wrong. */
  readonly location?: string;
  /** Default: `parameter`, where there is a location. */
  readonly locationType?: string;
  /** What newer parts of Google add beside `errors`. */
  readonly more?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error of the Calendar API in its usual shape. */
export function refusal(status: number, reason: string, message: string, detail: ErrorDetail = {}): Refused {
  const { domain = "global", location, locationType = "parameter", more = {}, headers = {} } = detail;
  const where = location === undefined ? {} : { locationType, location };
  const errors = [{ domain, reason, message, ...where }];
  return new Refused(status, { error: { errors, code: status, message, ...more } }, headers);
}

export function invalidParameter(location: string, message = "Invalid Value"): Refused {
  return refusal(400, "invalid", message, { location });
}

export function missingParameter(location: string, message = `Missing ${location} parameter.`): Refused {
  return refusal(400, "required", message, { location });
}

export function notFound(): Refused {
  return refusal(404, "notFound", "Not Found");
}

export function badRequest(message = "Bad Request"): Refused {
  return refusal(400, "badRequest", message);
}

/** Answered to a token that is unknown, revoked or older than an hour. */
export function invalidCredentials(): Refused {
  const message =
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.";
  return unauthenticated("authError", "Invalid Credentials", message, ', error="invalid_token"');
}

/** Answered to a call without any token. */
export function loginRequired(): Refused {
  const message =
    "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.";
  return unauthenticated("required", "Login Required.", message, "");
}

function unauthenticated(reason: string, short: string, message: string, challenge: string): Refused {
  const errors = [
    { message: short, domain: "global", reason, location: "Authorization", locationType: "header" },
  ];
  return new Refused(
    401,
    { error: { code: 401, message, errors, status: "UNAUTHENTICATED" } },
    { "www-authenticate": `Bearer realm="https://accounts.google.com/"${challenge}` },
  );
}

/**
 * Answered where no scope of the token covers the method.
 * @param scopes full names of those that would
 */
export function insufficientScopes(method: string, scopes: readonly string[]): Refused {
  const message = "Request had insufficient authentication scopes.";
  const errors = [
    { message: "Insufficient Permission", domain: "global", reason: "insufficientPermissions" },
  ];
  const info = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    domain: "googleapis.com",
    metadata: { service: "calendar-json.googleapis.com", method },
  };
  return new Refused(
    403,
    { error: { code: 403, message, errors, status: "PERMISSION_DENIED", details: [info] } },
    {
      "www-authenticate": `Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="${scopes.join(" ")}"`,
    },
  );
}

/** Errors of the Calendar API that come over a client, by reason: what a fault needs to name. */
const KNOWN: Readonly<Record<string, { readonly domain?: string; readonly message: string }>> = {
  rateLimitExceeded: { domain: "usageLimits", message: "Rate Limit Exceeded" },
  userRateLimitExceeded: { domain: "usageLimits", message: "User Rate Limit Exceeded" },
  quotaExceeded: { domain: "usageLimits", message: "Calendar usage limits exceeded." },
  dailyLimitExceeded: { domain: "usageLimits", message: "Daily Limit Exceeded" },
  calendarUsageLimitsExceeded: { domain: "usageLimits", message: "Calendar usage limits exceeded." },
  accessNotConfigured: {
    domain: "usageLimits",
    message: "Google Calendar API has not been used in this project before or it is disabled.",
  },
  forbidden: { message: "Forbidden" },
  insufficientPermissions: { message: "Insufficient Permission" },
  authError: { message: "Invalid Credentials" },
  backendError: { message: "Backend Error" },
  internalError: { message: "Internal Error" },
  notFound: { message: "Not Found" },
};

/** The error a fault asks for. Without a reason: the usual one of its status. */
export function namedError(status: number, reason?: string, retryAfterSeconds?: number): Refused {
  const named = reason ?? (status === 429 ? "rateLimitExceeded" : "backendError");
  const { domain, message } = KNOWN[named] ?? { message: named };
  return refusal(status, named, message, {
    ...(domain === undefined ? {} : { domain }),
    ...(retryAfterSeconds === undefined ? {} : { headers: { "retry-after": String(retryAfterSeconds) } }),
  });
}
