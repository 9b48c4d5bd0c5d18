/** What a person sees when their PDS sends them back and the sign-in did not work: one static page without script. */

/** Whether the caller would rather have a page than JSON (RFC 9110, section 12.5.1): a browser that navigates here says so. */
export function prefersHtml(request: Request): boolean {
  const accept = request.headers.get("accept") ?? "";
  return quality(accept, "text/html") > quality(accept, "application/json");
}

/** The page, with the status the JSON answer would have. `message` is plain text. */
export function signInProblemPage(status: number, message: string): Response {
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/plain.css">
<title>Sign-in problem – atproto Cal</title>
</head>
<body>
<main>
<h1>That sign-in was not completed</h1>
<p>${escapeHtml(message)}</p>
<p><a href="/auth/login">Go to the sign-in page</a></p>
</main>
</body>
</html>
`;
  return new Response(page, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy":
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  });
}

/** The weight an Accept header gives to exactly this media type, 0 when it does not name it. */
function quality(accept: string, mediaType: string): number {
  for (const range of accept.toLowerCase().split(",")) {
    const [type, ...parameters] = range.split(";").map((part) => part.trim());
    if (type === mediaType) {
      const weight = parameters.find((parameter) => parameter.startsWith("q="));
      return weight === undefined ? 1 : Number(weight.slice(2)) || 0;
    }
  }
  return 0;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
