/** Drives the PDS's own OAuth pages as a person would: types the password, then allows or denies. Knows nothing of our pages but the login form. */

import type { Page } from "playwright-core";

/** Whoever signs in. */
export interface Credentials {
  readonly handle: string;
  readonly password: string;
}

export interface SignInOptions {
  /** "publish" also asks for write access to the host's records. */
  readonly purpose?: "book" | "publish";
  /** A path of the broker. */
  readonly returnTo?: string;
}

/** The pages a browser sees at the PDS between leaving the broker and coming back. */
export class SignInPages {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Types the password, if it is asked for, and allows what is asked. Settles when the browser has left the PDS. */
  async allow(password: string): Promise<void> {
    await this.#answer(password, "Authorize");
  }

  /** Types the password, if it is asked for, and denies what is asked. Settles when the browser has left the PDS. */
  async deny(password: string): Promise<void> {
    await this.#answer(password, "Deny access");
  }

  /** Types a password and sends it; stays on the page. For wrong passwords. */
  async enterPassword(password: string): Promise<void> {
    await this.#passwordField.fill(password);
    await this.#page.getByRole("button", { name: "Sign in", exact: true }).click();
  }

  async #answer(password: string, button: "Authorize" | "Deny access"): Promise<void> {
    await this.#page.waitForURL((url) => url.pathname.startsWith("/oauth/authorize"));
    const pdsOrigin = new URL(this.#page.url()).origin;
    const answer = this.#page.getByRole("button", { name: button, exact: true });
    // A browser that is still signed in at the PDS is asked for consent only.
    await this.#passwordField.or(answer).first().waitFor();
    if (await this.#passwordField.isVisible()) await this.enterPassword(password);
    await answer.click();
    await this.#page.waitForURL((url) => url.origin !== pdsOrigin);
  }

  get #passwordField() {
    return this.#page.getByPlaceholder("Enter your password");
  }
}

/** Signs in from the broker's login page through the PDS and back; settles on `returnTo`. */
export async function signIn(
  page: Page,
  brokerUrl: string,
  who: Credentials,
  options: SignInOptions = {},
): Promise<void> {
  const returnTo = options.returnTo ?? "/dashboard";
  const login = new URL("/auth/login", brokerUrl);
  login.search = new URLSearchParams({
    actor: who.handle,
    purpose: options.purpose ?? "book",
    returnTo,
  }).toString();
  await page.goto(login.href);
  await page.getByRole("button", { name: "Continue" }).click();
  await new SignInPages(page).allow(who.password);
  await page.waitForURL(new URL(returnTo, brokerUrl).href);
}
