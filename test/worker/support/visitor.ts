/** Somebody at the door: nobody, or a person with a session cookie or with tokens, calling the router as HTTP would. */

import { env } from "cloudflare:workers";
import { router } from "../../../worker/router.ts";
import { startWebSession } from "../../../worker/web-session.ts";
import { serviceToken } from "../../durable-objects/support/service-token.ts";

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** The operation that a token must name, `social.schedule.…`. */
  readonly lxm?: string;
}

/** What a call shows of who makes it; `lxm` is the operation called. */
type Credentials = (lxm: string) => Promise<Record<string, string>> | Record<string, string>;

export class Visitor {
  readonly #credentials: Credentials;

  private constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  static nobody(): Visitor {
    return new Visitor(() => ({}));
  }

  /** Without a browser: a token for each call. */
  static withTokens(did: string): Visitor {
    return new Visitor(async (lxm) => ({ authorization: `Bearer ${await serviceToken(did, lxm)}` }));
  }

  /** Signed in in a browser. */
  static async signedIn(did: string, handle = "somebody.test"): Promise<Visitor> {
    const setCookie = await startWebSession(env, { did, handle }, Date.now());
    const [cookie = ""] = setCookie.split(";");
    return new Visitor(() => ({ cookie, origin: env.PUBLIC_URL }));
  }

  /** One call, from a page of this site unless `headers` say otherwise. A string is sent as it is, anything else as JSON. */
  async call(path: string, { method, body, headers = {}, lxm = "" }: Call = {}): Promise<Response> {
    const request = new Request(new URL(path, env.PUBLIC_URL), {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: { ...(await this.#credentials(lxm)), ...headers },
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
