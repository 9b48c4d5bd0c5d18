/** A small Google Calendar behind `fetch`: consent, busy time, events and channels, as far as an authority asks for them. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { formatAccess, READ_SCOPES, WRITE_SCOPE } from "../../../adapters/calendars/google/google-access.ts";
import type { Access } from "../../../adapters/calendars/source.ts";
import { serverOnTheNetwork } from "./host-on-the-network.ts";

const DAY_MS = 24 * 60 * 60_000;
const SCOPE = [...READ_SCOPES, WRITE_SCOPE].join(" ");

export interface AskedOfGoogle {
  /** `POST /calendar/v3/freeBusy`. */
  readonly line: string;
  readonly body: string;
}

interface GoogleChannel {
  readonly id: string;
  readonly token: string;
  readonly calendar: string;
}

type Rule = (asked: AskedOfGoogle, go: () => Response) => Response | Promise<Response>;

export interface GoogleOnTheNetwork {
  readonly asked: readonly AskedOfGoogle[];
  /** The lines that have this in them. */
  linesWith(text: string): string[];
  answers(rule: Rule): void;
  /** An access that the broker was granted; each grant is another one. */
  access(): Access;
  /** The person takes all grants back. */
  revokes(): void;
  /** Busy from then on for an hour, by the name of the calendar. */
  readonly busy: Map<string, number[]>;
  /** Channels that were made and not stopped. */
  readonly channels: readonly GoogleChannel[];
  /** How long a channel lives. */
  channelLifeMs: number;
  /** From now on this host's authority has this Google. It forgets when it is restarted. */
  givenTo(hostDid: string): Promise<void>;
}

/** With these calendars, all its person's own. */
export function googleOnTheNetwork(...calendars: string[]): GoogleOnTheNetwork {
  const asked: AskedOfGoogle[] = [];
  const busy = new Map<string, number[]>();
  const channels: GoogleChannel[] = [];
  const tokens = new Set<string>();
  let rule: Rule = (_, go) => go();
  let grants = 0;

  const { origin } = serverOnTheNetwork(async (request) => {
    const { pathname, search } = new URL(request.url);
    const now = {
      line: `${request.method} ${decodeURIComponent(pathname)}${search}`,
      body: new TextDecoder().decode(await request.arrayBuffer()),
    };
    asked.push(now);
    return rule(now, () => done(now, request.headers.get("authorization") ?? ""));
  });

  function granted(): string {
    grants += 1;
    tokens.add(`token-${grants}`);
    return `token-${grants}`;
  }

  function done({ line, body }: AskedOfGoogle, authorization: string): Response {
    if (line.startsWith("POST /token")) {
      const form = new URLSearchParams(body);
      const isKnown = form.get("code") === "code" || tokens.has(form.get("refresh_token") ?? "");
      return isKnown
        ? Response.json({
            access_token: granted(),
            expires_in: 3_599,
            refresh_token: granted(),
            scope: SCOPE,
          })
        : Response.json({ error: "invalid_grant" }, { status: 400 });
    }
    if (line.startsWith("POST /revoke")) {
      return new Response("{}");
    }
    if (!tokens.has(authorization.slice("Bearer ".length))) {
      return Response.json({ error: { errors: [{ reason: "authError" }] } }, { status: 401 });
    }
    const parsed: Record<string, unknown> = body === "" ? {} : JSON.parse(body);
    if (line.includes("/users/me/calendarList")) {
      return Response.json({ items: calendars.map((id) => ({ id, summary: id, accessRole: "owner" })) });
    }
    if (line.includes("/freeBusy")) {
      const [from, to] = [Date.parse(String(parsed["timeMin"])), Date.parse(String(parsed["timeMax"]))];
      const startsOf = (id: string) => (busy.get(id) ?? []).filter((start) => from <= start && start < to);
      const busyOf = (id: string) => ({ busy: startsOf(id).map(spanAt) });
      return Response.json({ calendars: Object.fromEntries(calendars.map((id) => [id, busyOf(id)])) });
    }
    const calendar = /\/calendars\/([^/]+)\//.exec(line)?.[1] ?? "";
    if (line.includes("/events/watch")) {
      channels.push({ id: String(parsed["id"]), token: String(parsed["token"]), calendar });
      return Response.json({
        resourceId: `resource of ${calendar}`,
        expiration: `${Date.now() + google.channelLifeMs}`,
      });
    }
    if (line.includes("/channels/stop")) {
      const at = channels.findIndex(({ id }) => id === parsed["id"]);
      if (at >= 0) channels.splice(at, 1);
      return new Response(null, { status: at >= 0 ? 204 : 404 });
    }
    const events = (busy.get(calendar) ?? []).map((start) => ({
      iCalUID: `own-${start}@x`,
      start: { dateTime: spanAt(start).start },
      end: { dateTime: spanAt(start).end },
    }));
    return Response.json(
      line.startsWith("GET") && !line.includes("iCalUID=")
        ? { timeZone: "UTC", items: events }
        : { items: [] },
    );
  }

  const google: GoogleOnTheNetwork = {
    asked,
    linesWith: (text) => asked.map(({ line }) => line).filter((line) => line.includes(text)),
    answers(next) {
      rule = next;
    },
    access: () =>
      formatAccess({
        refreshToken: granted(),
        accessToken: granted(),
        accessUntil: Date.now() + 365 * DAY_MS,
        scope: SCOPE,
      }),
    revokes() {
      tokens.clear();
      channels.splice(0);
    },
    busy,
    channels,
    channelLifeMs: 7 * DAY_MS,
    async givenTo(hostDid) {
      await runInDurableObject(env.HOST_CALENDAR.getByName(hostDid), (instance) => {
        const settings = { GOOGLE_CLIENT_ID: "client", GOOGLE_CLIENT_SECRET: "secret", GOOGLE_URL: origin };
        Object.assign(instance, { env: { ...env, ...settings } });
      });
    },
  };
  return google;
}

function spanAt(start: number): { start: string; end: string } {
  return { start: new Date(start).toISOString(), end: new Date(start + 60 * 60_000).toISOString() };
}
