/** Keeps other sites from acting with somebody's cookie (CSRF). Decides by headers alone; knows no session. */

/** What is said to a request of another site; status 403. */
export const CROSS_SITE = {
  error: "CrossSiteRequest",
  message: "This was not sent by a page of this site. Open the site itself and try again there.",
} as const;

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether the method may change something (RFC 9110, section 9.2.1). */
export function isUnsafeMethod(request: Request): boolean {
  return !SAFE_METHODS.has(request.method);
}

/**
 * Whether the request comes from our own pages. Every browser sends `Origin` with an unsafe method, so a request without one, or with
 * `null`, does not. SameSite=Lax alone would not do: it lets through other ports and subdomains of the same site.
 */
export function comesFromOurPages(request: Request, env: Env): boolean {
  const origin = request.headers.get("origin");
  return (
    origin !== null && (origin === new URL(request.url).origin || origin === new URL(env.PUBLIC_URL).origin)
  );
}
