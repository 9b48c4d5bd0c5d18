import { P256Keypair, Secp256k1Keypair } from "@atproto/crypto";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { parseDidDocument } from "../../../adapters/atproto/did-document.ts";
import { verifyServiceToken } from "../../../adapters/atproto/service-auth.ts";
import type { ServiceAuthResult } from "../../../adapters/atproto/service-auth.ts";
import { accepted, refused } from "../../../scheduling/refusal.ts";

const ALICE = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
const BROKER = "did:web:localhost%3A8787";
const LXM = "social.schedule.requestBooking";

type Keypair = Secp256k1Keypair | P256Keypair;

let k256: Secp256k1Keypair;
let p256: P256Keypair;
let stranger: Secp256k1Keypair;

beforeAll(async () => {
  k256 = await Secp256k1Keypair.create();
  p256 = await P256Keypair.create();
  stranger = await Secp256k1Keypair.create();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A token as a PDS makes them, with the reference implementation's keys. */
async function tokenBy(keypair: Keypair, claims: object = {}, header: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const payload = {
    iss: ALICE,
    aud: BROKER,
    lxm: LXM,
    iat: now,
    exp: now + 60,
    jti: crypto.randomUUID(),
    ...claims,
  };
  const signed = [{ typ: "JWT", alg: keypair.jwtAlg, ...header }, payload].map(encode).join(".");
  const signature = await keypair.sign(new TextEncoder().encode(signed));
  return `${signed}.${Buffer.from(signature).toString("base64url")}`;
}

const seconds = (): number => Math.floor(Date.now() / 1_000);

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");

/** A broker that remembers used tokens, and a directory where Alice has `keys.cached`, or `keys.fresh` when asked afresh. */
function brokerKnowing(keys: { cached: Keypair; fresh?: Keypair }) {
  const used = new Map<string, number>();
  const lookups: boolean[] = [];
  const verify = (token: string): Promise<ServiceAuthResult> =>
    verifyServiceToken(token, {
      brokerDid: BROKER,
      lxm: LXM,
      async didDocument(did, { fresh }) {
        lookups.push(fresh);
        const key = (fresh ? keys.fresh : undefined) ?? keys.cached;
        const document = parseDidDocument(ALICE, {
          id: ALICE,
          verificationMethod: [
            {
              id: `${ALICE}#atproto`,
              type: "Multikey",
              controller: ALICE,
              publicKeyMultibase: key.did().slice("did:key:".length),
            },
          ],
        });
        return did === ALICE && document !== undefined
          ? accepted(document)
          : refused({ code: "HostNotFound", why: "nobody" });
      },
      async markUsed(did, jti, lifetimeMs) {
        const isFirst = (used.get(`${did} ${jti}`) ?? 0) <= Date.now();
        if (isFirst) used.set(`${did} ${jti}`, Date.now() + lifetimeMs);
        return isFirst;
      },
    });
  return { verify, used, lookups };
}

describe("a service-auth token", () => {
  it("signed with ES256K by its issuer's key is accepted", async () => {
    const { verify } = brokerKnowing({ cached: k256 });
    expect(await verify(await tokenBy(k256))).toEqual({ ok: true, did: ALICE });
  });

  it("signed with ES256 by its issuer's key is accepted", async () => {
    const { verify } = brokerKnowing({ cached: p256 });
    expect(await verify(await tokenBy(p256))).toEqual({ ok: true, did: ALICE });
  });

  it("may name our #broker service as its audience", async () => {
    const { verify } = brokerKnowing({ cached: k256 });
    expect((await verify(await tokenBy(k256, { aud: `${BROKER}#broker` }))).ok).toBe(true);
  });

  it("is good for one call", async () => {
    const { verify } = brokerKnowing({ cached: k256 });
    const token = await tokenBy(k256);
    await verify(token);
    expect(await verify(token)).toMatchObject({ ok: false, message: expect.stringMatching(/used already/) });
  });

  it("is good for one call also when sent many times at once", async () => {
    const { verify } = brokerKnowing({ cached: k256 });
    const token = await tokenBy(k256);
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(token)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it("is good for one call until the last moment at which it would still be taken", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Math.floor(Date.now() / 1_000) * 1_000 });
    const { verify } = brokerKnowing({ cached: k256 });
    const token = await tokenBy(k256, { iat: undefined, exp: seconds() + 300 });
    expect((await verify(token)).ok).toBe(true);
    for (let halfSeconds = 0; halfSeconds < 640; halfSeconds += 1) {
      vi.setSystemTime(Date.now() + 500);
      expect((await verify(token)).ok, `after ${halfSeconds / 2} s`).toBe(false);
    }
  });

  it("signed with a key that was rotated in meanwhile makes us look once more", async () => {
    const { verify, lookups } = brokerKnowing({ cached: stranger, fresh: k256 });
    expect((await verify(await tokenBy(k256))).ok).toBe(true);
    expect(lookups).toEqual([false, true]);
  });

  it("signed by somebody else is refused after one more look, and burns nothing", async () => {
    const { verify, lookups, used } = brokerKnowing({ cached: k256 });
    expect(await verify(await tokenBy(stranger))).toMatchObject({
      ok: false,
      message: expect.stringMatching(/not signed/),
    });
    expect(lookups).toEqual([false, true]);
    expect(used.size).toBe(0);
  });

  it.each([
    [
      "for another service",
      /for another service.*did:web:localhost%3A8787/,
      () => ({ aud: "did:web:elsewhere.example" }),
    ],
    ["for another service of ours", /for another service/, () => ({ aud: `${BROKER}#other` })],
    [
      "for another operation",
      /for another operation.*requestBooking/,
      () => ({ lxm: "social.schedule.cancelBooking" }),
    ],
    ["for any operation", /lxm/, () => ({ lxm: undefined })],
    ["that has expired", /expired/, () => ({ iat: seconds() - 120, exp: seconds() - 60 })],
    ["that lives for an hour", /five minutes/, () => ({ exp: seconds() + 3_600 })],
    ["that never ends", /iss, aud, exp/, () => ({ exp: undefined })],
    ["without a jti", /jti/, () => ({ jti: undefined })],
    ["with an endless jti", /used already/, () => ({ jti: "x".repeat(300) })],
    ["whose issuer is no DID", /iss/, () => ({ iss: "alice.test" })],
    ["whose issuer nobody knows", /cannot be looked up/, () => ({ iss: "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz" })],
  ])("%s is refused, saying what to do", async (_what, message, claims) => {
    const { verify } = brokerKnowing({ cached: k256 });
    expect(await verify(await tokenBy(k256, claims()))).toEqual({
      ok: false,
      message: expect.stringMatching(message),
    });
  });

  it.each([["at+jwt"], ["refresh+jwt"], ["dpop+jwt"]])("of the type %s is refused", async (typ) => {
    const { verify } = brokerKnowing({ cached: k256 });
    expect((await verify(await tokenBy(k256, {}, { typ }))).ok).toBe(false);
  });

  it.each([["none"], ["HS256"], ["ES256"]])("that says alg %s and is not is refused", async (alg) => {
    const { verify } = brokerKnowing({ cached: k256 });
    expect((await verify(await tokenBy(k256, {}, { alg }))).ok).toBe(false);
  });

  it("changed after signing is refused", async () => {
    const { verify } = brokerKnowing({ cached: k256 });
    const [header, , signature] = (await tokenBy(k256)).split(".");
    const payload = { iss: ALICE, aud: BROKER, lxm: LXM, exp: seconds() + 100, jti: "mine" };
    expect((await verify([header, encode(payload), signature].join("."))).ok).toBe(false);
  });

  it("that is endless is refused", async () => {
    const { verify } = brokerKnowing({ cached: k256 });
    expect((await verify("x".repeat(100_000))).ok).toBe(false);
  });

  it.each([[""], ["a"], ["a.b.c"], ["e30.e30."], ["\u0000.\u0000.\u0000"]])(
    "that is none is refused: %j",
    async (nonsense) => {
      const { verify } = brokerKnowing({ cached: k256 });
      expect((await verify(nonsense)).ok).toBe(false);
    },
  );
});
