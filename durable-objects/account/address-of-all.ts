/** Addresses as D1 knows them, over all people: what their owners said to one link holds for everybody. */

import { addressHasher, PepperLost } from "../../adapters/d1/address-pepper.ts";
import { countLink, isUnwanted } from "../../adapters/d1/address-rows.ts";
import { sha256Hex } from "../../adapters/sha-256.ts";
import { type AccountMail, addressRefused, mailRecipient, takeConfirmedAddress } from "./account-mail.ts";
import type { GivenAddress, MailRecipient } from "./mail-recipient.ts";

/**
 * Where to write to; undefined where nothing is proved, mail there was refused, or its owner said never, on account of whomever. Asking leaves no
 * trace where there is no address. `now` in epoch ms. @throws whatever D1 fails with
 */
export async function recipientToday(
  mail: AccountMail,
  env: Env,
  now: number,
): Promise<MailRecipient | undefined> {
  const recipient = await mailRecipient(mail);
  if (recipient === undefined) {
    return undefined;
  }
  if (await saidNever(mail, env, recipient.address)) {
    await addressRefused(mail, recipient.address, now);
    return undefined;
  }
  return recipient;
}

/** A key of D1's hashes that is lost holds up links, and no mail to an address that its owner proved. */
async function saidNever({ sealer }: AccountMail, { DB }: Env, address: string): Promise<boolean> {
  try {
    const hash = await addressHasher(DB, sealer);
    return await isUnwanted(DB, await hash(address));
  } catch (error) {
    if (error instanceof PepperLost) {
      return false;
    }
    throw error;
  }
}

/**
 * Whether an address that a person's PDS says they have confirmed there is used from now on. Anybody may run a PDS that confirms anything, so whoever said never is left alone here too, and one address
 * becomes that of three people within a week at most, links included. Never throws: what goes wrong with mail ends no sign-in. `now` in epoch ms.
 */
export async function takeFromPds(
  mail: AccountMail,
  env: Env,
  given: GivenAddress,
  now: number,
): Promise<boolean> {
  try {
    const addressHash = await (await addressHasher(env.DB, mail.sealer))(given.address);
    // Of the same person again it is the same one.
    const id = await sha256Hex(`${mail.did} ${addressHash}`);
    return (
      (await countLink(env.DB, { id, addressHash }, now)) && (await takeConfirmedAddress(mail, given, now))
    );
  } catch (error) {
    console.warn("a confirmed address was not taken", error instanceof Error ? error.name : "unknown");
    return false;
  }
}
