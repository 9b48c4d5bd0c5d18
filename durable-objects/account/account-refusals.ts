/** The ways in which a sign-in ends without one, in words for the person who tried. Never repeats what a server wrote. */

export type BeginResult =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly code: "SignInUnavailable"; readonly message: string };

type FinishRefusalCode = "UnknownSignIn" | "SignInDenied" | "SignInFailed" | "OtherAccount";

export type FinishResult =
  | {
      readonly ok: true;
      readonly did: string;
      readonly handle: string;
      readonly returnTo: string;
      readonly scope: string;
      /** Where they signed in to be mailed at their account's address: whether it is used from now on. */
      readonly email?: "taken" | "none";
    }
  | { readonly ok: false; readonly code: FinishRefusalCode; readonly message: string };

const MESSAGES: Readonly<Record<FinishRefusalCode, string>> = {
  UnknownSignIn:
    "This sign-in was already finished, has expired, or was begun in another browser. Start signing in again.",
  SignInDenied:
    "Signing in was not allowed at your PDS, so you are not signed in. Start again if you want to be.",
  SignInFailed: "Your PDS did not complete the sign-in. Start signing in again.",
  OtherAccount:
    "You signed in at your PDS as somebody else than the account you entered here. Start again with the right handle.",
};

/** Your PDS, its authorization server or the directory is down, or does not do atproto OAuth. */
export function beginRefusal(error: unknown): BeginResult {
  logPlace("sign-in could not begin", error);
  return {
    ok: false,
    code: "SignInUnavailable",
    message:
      "The server of this account cannot be asked to sign you in just now. Try again in a few minutes.",
  };
}

/** A sign-in that was begun and is not finished. `error` goes into the log by name only, and only where it is a surprise. */
export function finishRefusal(code: FinishRefusalCode, error?: unknown): FinishResult {
  if (code === "SignInFailed") {
    logPlace("sign-in did not finish", error);
  }
  return { ok: false, code, message: MESSAGES[code] };
}

/** Names and places only: messages of the OAuth client contain states and addresses. */
function logPlace(what: string, error: unknown): void {
  if (!(error instanceof Error)) {
    console.warn(what);
    return;
  }
  const cause = error.cause instanceof Error ? ` (${error.cause.name})` : "";
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  console.warn(`${what}: ${error.name}${cause}`, frames.slice(0, 5).join("\n"));
}
