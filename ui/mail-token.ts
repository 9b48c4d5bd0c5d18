/** What a link in a mail says after its `#`: taken out of the address bar, so that it stays in no history and no bookmark. */

import { useEffect, useState } from "preact/hooks";
import { navigate, type Place } from "./router.ts";

/** The token of a fragment with its `#`; undefined where there is none, or what cannot be one. */
export function tokenFrom(hash: string): string | undefined {
  const token = hash.slice(1);
  return /^[\x21-\x7e]{1,2000}$/.test(token) ? token : undefined;
}

/** The token of the link that was followed last; undefined once the page was loaded again without it. */
export function useMailToken({ pathname, search, hash }: Place): string | undefined {
  const [token, setToken] = useState(() => tokenFrom(hash));
  useEffect(() => {
    if (hash === "") return;
    // Another link to the same page, followed in the same tab, changes nothing but the fragment.
    setToken(tokenFrom(hash));
    navigate(pathname + search, { replace: true });
  }, [hash]);
  return token;
}
