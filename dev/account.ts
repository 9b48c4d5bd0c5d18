/** Accounts of the local PDS, over XRPC like any client. Knows passwords only as long as a call lasts. */

export interface NewAccount {
  /** `<name>.test` */
  readonly handle: string;
  readonly password: string;
  /** Absent: an address that reaches nobody. */
  readonly email?: string;
}

export interface LocalAccount {
  readonly did: string;
  readonly handle: string;
  /** Valid for two hours. */
  readonly accessJwt: string;
}

/** What the PDS answered instead. */
export class XrpcRefusal extends Error {
  readonly status: number;
  /** The XRPC error name. */
  readonly code: string;

  constructor(method: string, status: number, code: string, message: string) {
    super(`${method} answered ${status} ${code}: ${message}`);
    this.status = status;
    this.code = code;
  }
}

/** @throws XrpcRefusal */
export async function createAccount(pdsUrl: string, account: NewAccount): Promise<LocalAccount> {
  const email = account.email ?? `${account.handle}@example.com`;
  return asAccount(await xrpc(pdsUrl, "com.atproto.server.createAccount", { body: { ...account, email } }));
}

/** @throws XrpcRefusal */
export async function signIn(pdsUrl: string, handle: string, password: string): Promise<LocalAccount> {
  const body = { identifier: handle, password };
  return asAccount(await xrpc(pdsUrl, "com.atproto.server.createSession", { body }));
}

/**
 * One XRPC call: a POST when there is a body, a GET otherwise.
 * @throws XrpcRefusal
 */
export async function xrpc(
  pdsUrl: string,
  method: string,
  call: {
    readonly body?: object;
    readonly query?: Record<string, string>;
    readonly accessJwt?: string;
  },
): Promise<Record<string, unknown>> {
  const url = new URL(`/xrpc/${method}`, pdsUrl);
  url.search = new URLSearchParams(call.query).toString();
  const response = await fetch(url, {
    method: call.body === undefined ? "GET" : "POST",
    headers: {
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...(call.accessJwt === undefined ? {} : { authorization: `Bearer ${call.accessJwt}` }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  });
  const text = await response.text();
  const answer: Record<string, unknown> = text === "" ? {} : JSON.parse(text);
  if (!response.ok) {
    throw new XrpcRefusal(method, response.status, String(answer["error"]), String(answer["message"]));
  }
  return answer;
}

/**
 * Writes a record straight into its owner's repository, unchecked, and returns its at-uri.
 * @throws XrpcRefusal
 */
export async function putRecord(
  pdsUrl: string,
  { did, accessJwt }: Pick<LocalAccount, "did" | "accessJwt">,
  record: { readonly collection: string; readonly rkey: string; readonly value: object },
): Promise<string> {
  const { collection, rkey, value } = record;
  const body = { repo: did, collection, rkey, record: { $type: collection, ...value }, validate: false };
  const { uri } = await xrpc(pdsUrl, "com.atproto.repo.putRecord", { accessJwt, body });
  return String(uri);
}

function asAccount(answer: Record<string, unknown>): LocalAccount {
  const { did, handle, accessJwt } = answer;
  if (typeof did !== "string" || typeof handle !== "string" || typeof accessJwt !== "string") {
    throw new Error("The PDS opened no session.");
  }
  return { did, handle, accessJwt };
}
