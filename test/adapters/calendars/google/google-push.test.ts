import { afterEach, describe, expect, it } from "vitest";

import {
  readPush,
  stopWatching,
  watchGoogleCalendar,
} from "../../../../adapters/calendars/google/google-push.ts";
import { accessUntil, NOW, startScriptedGoogle } from "./scripted-google.ts";
import type { Scripted, ScriptedGoogle } from "./scripted-google.ts";

const CHANNEL = { id: "channel-1", token: "secret-1", address: "https://cal.example/api/google/push" };

let google: ScriptedGoogle | undefined;
afterEach(async () => {
  await google?.stop();
  google = undefined;
});

async function watched(answer: Scripted): Promise<unknown> {
  google = await startScriptedGoogle(() => answer);
  return watchGoogleCalendar(accessUntil(), "team/a#b@x.example", CHANNEL, google.settings, NOW);
}

describe("watching", () => {
  it.each(["1767225600000", 1_767_225_600_000])("ends when Google says (%s)", async (expiration) => {
    const answer = await watched({
      body: { kind: "api#channel", id: "channel-1", resourceId: "r-1", expiration },
    });
    expect(answer).toEqual({ kind: "watching", resourceId: "r-1", expiresAt: 1_767_225_600_000 });
    expect(google?.asked).toEqual([
      {
        method: "POST",
        path: "/calendar/v3/calendars/team%2Fa%23b%40x.example/events/watch",
        authorization: "Bearer token-1",
        body: { ...CHANNEL, type: "web_hook" },
      },
    ]);
  });

  const failures: readonly (readonly [string, Scripted, string])[] = [
    ["of a calendar that is gone", { status: 404 }, "not-found"],
    ["of which nobody says when it ends", { body: { resourceId: "r-1" } }, "not-a-calendar"],
    ["that ends at no time", { body: { resourceId: "r-1", expiration: "soon" } }, "not-a-calendar"],
    ["of nothing", { body: { expiration: "1767225600000" } }, "not-a-calendar"],
  ];
  it.each(failures)("fails %s", async (_, answer, problem) => {
    expect(await watched(answer)).toEqual({ kind: "failed", problem });
  });

  const stops: readonly (readonly [string, Scripted, object])[] = [
    ["done", { status: 204 }, { kind: "done" }],
    ["done where the channel has ended already", { status: 404 }, { kind: "done" }],
    ["not done while Google is down", { status: 500 }, { kind: "failed", problem: "server-error" }],
  ];
  it.each(stops)("no longer is %s", async (_, answer, expected) => {
    google = await startScriptedGoogle(() => answer);
    const stopped = await stopWatching(
      accessUntil(),
      { id: "channel-1", resourceId: "r-1" },
      google.settings,
      NOW,
    );
    expect(stopped).toEqual(expected);
    expect(google.asked).toMatchObject([
      { method: "POST", path: "/calendar/v3/channels/stop", body: { id: "channel-1", resourceId: "r-1" } },
    ]);
  });
});

describe("a notification", () => {
  const headers = {
    "X-Goog-Channel-ID": "channel-1",
    "X-Goog-Channel-Token": "secret-1",
    "X-Goog-Resource-State": "exists",
    "X-Goog-Message-Number": "12",
  };

  it.each(["sync", "exists", "not_exists"])("says of which channel it is, with its token (%s)", (state) => {
    expect(readPush(new Headers({ ...headers, "X-Goog-Resource-State": state }))).toEqual({
      channelId: "channel-1",
      token: "secret-1",
      state,
    });
  });

  const none: readonly (readonly [string, Record<string, string>])[] = [
    ["without anything", {}],
    ["without a token", { "X-Goog-Channel-ID": "channel-1", "X-Goog-Resource-State": "exists" }],
    ["with an empty channel", { ...headers, "X-Goog-Channel-ID": "" }],
    ["with a state that Google does not have", { ...headers, "X-Goog-Resource-State": "gone" }],
    ["with a channel longer than Google allows", { ...headers, "X-Goog-Channel-ID": "x".repeat(65) }],
    ["with an endless token", { ...headers, "X-Goog-Channel-Token": "x".repeat(257) }],
  ];
  it.each(none)("%s is none", (_, some) => {
    expect(readPush(new Headers(some))).toBeUndefined();
  });
});
