/** Where a person is mailed: asking for an address, proving it, refusing it, and ending reminders. */

import * as z from "zod/mini";
import { isSupportedDid } from "../../adapters/atproto/did-document.ts";
import { type AddressToken, parseAddressToken } from "../../durable-objects/account/address-token.ts";
import type { Account } from "../../durable-objects/account/account.ts";
import type { AskOutcome, GivenAddress } from "../../durable-objects/account/mail-recipient.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import type { Call } from "../call.ts";
import { comesFromOurPages, CROSS_SITE } from "../cross-site.ts";
import { errorResponse } from "../errors.ts";
import { emailField, timeZoneField } from "../fields.ts";
import type {
  EmailAnswerJson,
  EmailInput,
  EmailJson,
  EmailLinkJson,
  EmailTokenInput,
  EmailWishesInput,
} from "../messages-wire.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";

const emailInput = z.object({
  address: emailField,
  timeZone: z.exactOptional(timeZoneField),
}) satisfies z.ZodMiniType<EmailInput>;

const wishesInput = z.object({
  reminders: z.boolean("say true or false"),
}) satisfies z.ZodMiniType<EmailWishesInput>;

const tokenInput = z.object({
  token: z.string("give the link's token").check(z.maxLength(500, "give the link's token")),
}) satisfies z.ZodMiniType<EmailTokenInput>;

/** `GET /api/email` (getEmail). */
export async function getEmail({ env, caller }: SignedInCall): Promise<Response> {
  return Response.json(await emailOf(env, caller.did));
}

/** `POST /api/email` (askForEmail): 202 once a link to the address is owed, or is on its way already. */
export async function askForEmail({ request, env, caller }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, emailInput);
  if (!input.ok) {
    return input.response;
  }
  const account = env.ACCOUNT.getByName(caller.did);
  const outcome = await account.askForAddress({ ...input.value, handle: caller.handle });
  return notAsked(outcome) ?? emailAnswer(env, caller.did, 202);
}

/** `PUT /api/email` (updateEmail): whether reminders are mailed. */
export async function putEmail({ request, env, caller }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, wishesInput);
  if (!input.ok) {
    return input.response;
  }
  await env.ACCOUNT.getByName(caller.did).setMailedReminders(input.value.reminders);
  return emailAnswer(env, caller.did, 200);
}

/** `DELETE /api/email` (removeEmail): 204, also where there was none. */
export async function deleteEmail({ env, caller }: SignedInCall): Promise<Response> {
  await env.ACCOUNT.getByName(caller.did).forgetAddress();
  return new Response(null, { status: 204 });
}

/** `POST /api/email/link`: what a link is about, for the page that it leads to. Whoever has it reads the address's mail, so no session is asked for. */
export async function getEmailLink(call: Call): Promise<Response> {
  return withLink(call, async (account, { secret }) => linkAnswer(await account.lookAtLink(secret)));
}

/** `POST /api/email/confirm`: its owner says yes. */
export async function confirmEmail(call: Call): Promise<Response> {
  return withLink(call, async (account, { secret }) => linkAnswer(await account.confirmLink(secret)));
}

/** `POST /api/email/refuse`: its owner says never. */
export async function refuseEmail(call: Call): Promise<Response> {
  return withLink(call, async (account, { secret }) =>
    (await account.refuseLink(secret)) ? new Response(null, { status: 204 }) : staleLink(),
  );
}

/** `POST /api/email/unsubscribe`: the same as below, by the button on our page. */
export async function unsubscribeEmail(call: Call): Promise<Response> {
  return withLink(call, endReminders);
}

/** `POST /api/email/unsubscribe/:token`, for mail programs (RFC 8058): they send no cookie, come from nowhere, and follow no redirect. */
export async function unsubscribeOneClick({ env, params }: Call): Promise<Response> {
  const token = parsedToken(params["token"] ?? "");
  return token === undefined ? staleLink() : endReminders(env.ACCOUNT.getByName(token.did), token);
}

/** `GET /api/email/unsubscribe/:token`, for people: the page with a button, since programs that look into links ahead of them GET them. */
export async function showUnsubscribe({ env, params }: Call): Promise<Response> {
  const page = new URL("/email/unsubscribe", env.PUBLIC_URL);
  page.hash = params["token"] ?? "";
  return new Response(null, { status: 303, headers: { location: page.href } });
}

/** How one person stands with mail. */
export async function emailOf(env: Env, did: string): Promise<EmailJson> {
  const { asked, ...standing } = await env.ACCOUNT.getByName(did).mailStanding();
  return {
    offered: env.MAIL_PROVIDER !== "",
    ...(standing.address !== undefined && { address: standing.address }),
    ...(standing.isRefused && { isRefused: true }),
    ...(asked && { asked: { address: asked.address, at: rfc3339(asked.at) } }),
    reminders: standing.reminders,
  };
}

type LinkedAccount = Pick<Account, "lookAtLink" | "confirmLink" | "refuseLink" | "unsubscribe">;

async function withLink(
  { request, env }: Call,
  answer: (account: LinkedAccount, token: AddressToken) => Promise<Response>,
): Promise<Response> {
  if (!comesFromOurPages(request, env)) {
    return errorResponse(403, CROSS_SITE.error, CROSS_SITE.message);
  }
  const input = await parseBody(request, tokenInput);
  if (!input.ok) {
    return input.response;
  }
  const token = parsedToken(input.value.token);
  return token === undefined ? staleLink() : answer(env.ACCOUNT.getByName(token.did), token);
}

async function endReminders(account: LinkedAccount, { secret }: AddressToken): Promise<Response> {
  return (await account.unsubscribe(secret)) ? new Response(null, { status: 204 }) : staleLink();
}

function parsedToken(text: string): AddressToken | undefined {
  const token = parseAddressToken(text);
  return token && isSupportedDid(token.did) ? token : undefined;
}

function linkAnswer(given: GivenAddress | undefined): Response {
  if (given === undefined) {
    return staleLink();
  }
  const body: EmailLinkJson = { handle: given.handle, address: given.address };
  return Response.json(body);
}

async function emailAnswer(env: Env, did: string, status: number): Promise<Response> {
  const body: EmailAnswerJson = { email: await emailOf(env, did) };
  return Response.json(body, { status });
}

function staleLink(): Response {
  return errorResponse(
    404,
    "LinkNotGood",
    "This link is good no more: it was used, or a week has passed. Ask for a new one in your settings.",
  );
}

/** Undefined where a link is on its way, or is not needed. */
function notAsked(outcome: AskOutcome): Response | undefined {
  switch (outcome) {
    case "asked":
    case "known":
      return undefined;
    case "limited":
      return errorResponse(
        422,
        "AddressNotAsked",
        "You have had five links sent today. Look for them in your mail, or try again tomorrow.",
      );
    case "unwanted":
      return errorResponse(
        422,
        "AddressNotAsked",
        "Whoever reads mail at this address wants none from here. Give another one.",
      );
    case "not-offered":
      return errorResponse(
        422,
        "AddressNotAsked",
        "This broker sends no mail. You hear of everything in the bell.",
      );
  }
}
