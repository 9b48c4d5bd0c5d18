/** Somebody at the door: nobody, or a person with the session cookie of our pages, calling the router as HTTP would. */

import { env } from "cloudflare:workers";
import { router } from "../../../worker/router.ts";
import { startWebSession } from "../../../worker/web-session.ts";

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export class Visitor {
  readonly #cookie: string | undefined;

  private constructor(cookie: string | undefined) {
    this.#cookie = cookie;
  }

  static nobody(): Visitor {
    return new Visitor(undefined);
  }

  /** Signed in in a browser. */
  static async signedIn(did: string, handle = "somebody.test"): Promise<Visitor> {
    const setCookie = await startWebSession(env, { did, handle }, Date.now());
    return new Visitor(setCookie.split(";")[0]);
  }

  /** One call from a page of this site, unless `headers` say otherwise. A string is sent as it is, anything else as JSON. */
  async call(path: string, { method, body, headers = {} }: Call = {}): Promise<Response> {
    const request = new Request(new URL(path, env.PUBLIC_URL), {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: { origin: env.PUBLIC_URL, ...(this.#cookie && { cookie: this.#cookie }), ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      redirect: "manual",
    });
    const answer: unknown = await router.fetch(request, env);
    if (!(answer instanceof Response)) {
      throw new Error("the router gave no answer");
    }
    return answer;
  }
}
