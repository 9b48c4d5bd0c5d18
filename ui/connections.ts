/** Where the connections of the signed-in host are asked for, and how they are kept up to date while they are shown. */

import type { ConnectionListJson } from "../worker/wire.ts";
import { call } from "./api.ts";
import { useLoad, useRefresh, type Loaded } from "./load.ts";

export const CONNECTIONS = "/api/calendar/connections";

/** Asked anew every minute; an undefined DID asks nothing. */
export function useConnections(did: string | undefined): Loaded<ConnectionListJson> {
  const list = useLoad(did, () => call<ConnectionListJson>("GET", CONNECTIONS));
  useRefresh(() => void list.reload(), 60);
  return list;
}
