/** Consenting on the stand-in's page without a browser. */

/** As the person with this address: ticks every box on the page at `url`, allows, and answers with where Google sends the browser back to. */
export async function allowAtGoogle(url: string, email: string): Promise<string> {
  const html = await (await fetch(url)).text();
  const form = new URLSearchParams({ account: email, decision: "allow" });
  for (const [, scope = ""] of html.matchAll(/name="scope" value="([^"]+)"/g)) form.append("scope", scope);
  const answer = await fetch(url, { method: "POST", body: form, redirect: "manual" });
  const location = answer.headers.get("location");
  if (location === null) throw new Error(`Google's page did not send anybody back: ${answer.status}`);
  return location;
}
