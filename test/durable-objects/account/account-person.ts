/** Somebody whose Account is under test, with the browser they use and the network around them. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

import type { Account } from "../../../durable-objects/account/account.ts";
import type { FinishResult } from "../../../durable-objects/account/account-refusals.ts";
import { newDid } from "./account-network.ts";
import type { AccountNetwork, Approval } from "./account-network.ts";

type Purpose = "book" | "publish" | "email";

const THIS_BROWSER = "hash-of-this-browsers-key";

export class Person {
  readonly did = newDid();
  readonly #network: AccountNetwork;

  constructor(network: AccountNetwork) {
    this.#network = network;
  }

  /** A new stub each time: one whose object was aborted stays broken. */
  get account(): DurableObjectStub<Account> {
    return env.ACCOUNT.getByName(this.did);
  }

  /** The authorization page to go to. */
  async begins(purpose: Purpose = "book"): Promise<string> {
    const asked = { purpose, returnTo: "/book/alice", browserKeyHash: THIS_BROWSER };
    const begun = await this.account.beginSignIn(asked);
    if (!begun.ok) throw new Error(begun.message);
    return begun.url;
  }

  /** The query with which they come back after approving what the page at `url` asks. */
  approves(url: string, approval: Partial<Approval> = {}): string {
    return this.#network.approve(url, { sub: this.did, ...approval });
  }

  async finishes(params: string, browserKeyHash = THIS_BROWSER): Promise<FinishResult> {
    return this.account.finishSignIn({ params, browserKeyHash });
  }

  async signsIn(purpose: Purpose = "book", approval: Partial<Approval> = {}): Promise<void> {
    const finished = await this.finishes(this.approves(await this.begins(purpose), approval));
    if (!finished.ok) throw new Error(finished.message);
  }

  /** Every value in every table of their Account, as text. */
  async everythingStored(): Promise<string> {
    return runInDurableObject(this.account, (_instance, { storage }) =>
      storage.sql
        .exec<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
        )
        .toArray()
        .flatMap(({ name }) => storage.sql.exec(`SELECT * FROM ${name}`).toArray())
        .flatMap((row) => Object.values(row))
        .map((value) =>
          value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : String(value),
        )
        .join("\n"),
    );
  }
}
