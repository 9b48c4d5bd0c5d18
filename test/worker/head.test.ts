import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import worker from "../../worker/index.ts";

it.each([["/.well-known/did.json"], ["/api/auth/session"], ["/api/bookings"], ["/api/nothing"]])(
  "HEAD %s is GET without its body",
  async (path) => {
    const ask = (method: string) => worker.fetch(new Request(new URL(path, env.PUBLIC_URL), { method }), env);
    const [head, get] = [await ask("HEAD"), await ask("GET")];
    expect(head.status).toBe(get.status);
    expect([...head.headers]).toEqual([...get.headers]);
    expect(await head.text()).toBe("");
  },
);
