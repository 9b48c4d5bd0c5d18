/** What whoever runs this broker may see and have done: the state of an outbox, and D1 brought back to what the authorities hold. */

import { createHash, timingSafeEqual } from "node:crypto";
import { createSealer } from "../../adapters/atproto/sealing.ts";
import { resealPepper } from "../../adapters/d1/address-pepper.ts";
import { hostsWithRows, peopleWithRows } from "../../adapters/d1/history.ts";
import type { OutboxState } from "../../durable-objects/outbox-state.ts";
import type { Resealing } from "../../durable-objects/calendars/resealing.ts";
import { type OperatedCalendar, operatedAccount, operatedCalendar } from "../authority.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import type { Call } from "../call.ts";
import { errorResponse } from "../errors.ts";
import type { OperatedHostsJson, OperatedPeopleJson, OutboxJson, ResealingJson } from "../wire.ts";

/** A shorter one could be guessed; it counts as none. */
const TOKEN_MIN_LENGTH = 32;

const PAGE = 500;

/** Lets through who shows `OPERATOR_TOKEN`. Where there is none, nothing is here. */
export function operator(handler: (call: Call) => Promise<Response>): (call: Call) => Promise<Response> {
  return async (call) => {
    const expected = call.env.OPERATOR_TOKEN ?? "";
    if (expected.length < TOKEN_MIN_LENGTH) {
      return errorResponse(404, "NotFound", "There is nothing at this address. Check the path.");
    }
    const [, shown = ""] = /^bearer +(\S+)$/i.exec(call.request.headers.get("authorization") ?? "") ?? [];
    return isSame(shown, expected)
      ? handler(call)
      : errorResponse(
          401,
          "InvalidToken",
          "This is for the operator. Send `Authorization: Bearer <token>`.",
          {
            "www-authenticate": "Bearer",
          },
        );
  };
}

/** `GET /api/operator/hosts?after=`: the hosts of whom D1 has bookings, by DID. */
export async function listHosts({ env, url }: Call): Promise<Response> {
  const hosts = await hostsWithRows(env.DB, url.searchParams.get("after") ?? "", PAGE);
  const body: OperatedHostsJson = { hosts, ...nextPage(hosts) };
  return Response.json(body);
}

/** `GET /api/operator/people?after=`: everybody of whom D1 has anything, hosts or not, by DID. */
export async function listPeople({ env, url }: Call): Promise<Response> {
  const people = await peopleWithRows(env.DB, url.searchParams.get("after") ?? "", PAGE);
  const body: OperatedPeopleJson = { people, ...nextPage(people) };
  return Response.json(body);
}

/** `GET /api/operator/hosts/:host/outbox`: what waits for D1 and what was parked, since when and why. */
export async function getOutbox(call: Call): Promise<Response> {
  return atHost(call, async (calendar) => outboxJson(await calendar.readOutbox()));
}

/** `POST /api/operator/hosts/:host/outbox/retry`: takes back what was parked; `{unparked}` says how much. */
export async function retryOutbox(call: Call): Promise<Response> {
  return atHost(call, async (calendar) => ({ unparked: await calendar.retryParked() }));
}

/** `POST /api/operator/hosts/:host/rebuild`: owes D1 everything again that the authority can say; counts of it. */
export async function rebuildHost(call: Call): Promise<Response> {
  return atHost(call, (calendar) => calendar.rebuildHistory());
}

/** `POST /api/operator/hosts/:host/reconcile`: compares with D1 now, and mends it; counts of what was found. */
export async function reconcileHost(call: Call): Promise<Response> {
  return atHost(call, (calendar) => calendar.reconcileHistory());
}

/**
 * `POST /api/operator/hosts/:host/reseal`: seals under the active key all secrets of a person, of their calendars and of their sign-in;
 * counts of them. `:host` may also be somebody who is no host, or the id of an Account.
 */
export async function resealSecrets({ env, params }: Call): Promise<Response> {
  // It is nobody's in particular, so it goes along with anybody's, and holds up nobody's where it does not open.
  await resealPepper(env.DB, createSealer(env.SEALING_KEYS)).catch((error: unknown) =>
    console.error("the key of D1's addresses was not sealed anew", error instanceof Error ? error.name : ""),
  );
  const host = params["host"] ?? "";
  const calendar = operatedCalendar(env, host);
  if (calendar) {
    const connections = await calendar.resealConnections();
    const account = await env.ACCOUNT.getByName(connections.hostDid).resealSecrets();
    return resealingJson(connections, account);
  }
  const account = await operatedAccount(env, host)?.resealSecrets();
  return account?.did === undefined
    ? errorResponse(
        404,
        "NotFound",
        "There is nothing of anybody there. Give a DID, or the id of a HostCalendar or an Account.",
      )
    : resealingJson(await env.HOST_CALENDAR.getByName(account.did).resealConnections(), account);
}

function resealingJson(connections: Resealing, account: Resealing): Response {
  const body: ResealingJson = { connections: countsOf(connections), account: countsOf(account) };
  return Response.json(body);
}

function countsOf({ resealed, current, lost }: Resealing): ResealingJson["account"] {
  return { resealed, current, lost };
}

/** Where the next page begins, after one that is full. */
function nextPage(page: readonly string[]): { readonly after?: string } {
  const last = page.at(-1);
  return last !== undefined && page.length === PAGE ? { after: last } : {};
}

/** `:host` is a DID, or the id of the object, which is all that is known of a host when D1 is lost. */
async function atHost(
  { env, params }: Call,
  work: (calendar: OperatedCalendar) => Promise<object>,
): Promise<Response> {
  const calendar = operatedCalendar(env, params["host"] ?? "");
  return calendar
    ? Response.json(await work(calendar))
    : errorResponse(404, "NotFound", "There is no such host. Give a DID, or the id of a HostCalendar.");
}

function outboxJson({ waiting, parked, relay, effects }: OutboxState): OutboxJson {
  return {
    waiting,
    parked,
    ...(relay && { relay: { dueAt: rfc3339(relay.dueAt), attempts: relay.attempts } }),
    effects: effects.map(({ id, kind, attempts, owedAt, notBefore, parkedAt, lastError }) => ({
      id,
      kind,
      attempts,
      ...(owedAt !== undefined && { owedAt: rfc3339(owedAt) }),
      ...(notBefore !== undefined && { notBefore: rfc3339(notBefore) }),
      ...(parkedAt !== undefined && { parkedAt: rfc3339(parkedAt) }),
      ...(lastError !== undefined && { lastError }),
    })),
  };
}

/** In the same time for every guess: hashes are compared, whose first difference says nothing about the token's. */
function isSame(shown: string, expected: string): boolean {
  const [one, other] = [shown, expected].map((token) => createHash("sha256").update(token).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
