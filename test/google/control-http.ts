/** `POST /_control/<name>`: the control over HTTP, for a stand-in that runs as its own process. */

import { z } from "zod";
import type { Control } from "./control.ts";
import { CallFilter, Whose } from "./control.ts";
import { FaultSpec } from "./faults.ts";
import { Seed } from "./seeds.ts";

type Command = (control: Control, argument: unknown) => unknown;

const COMMANDS: Readonly<Record<string, Command>> = {
  seed: (control, argument) => control.seed(Seed.parse(argument)),
  fail: (control, argument) => control.fail(FaultSpec.parse(argument)),
  heal: (control) => control.heal(),
  calls: (control, argument) => control.calls(CallFilter.parse(argument ?? {})),
  forgetCalls: (control) => control.forgetCalls(),
  revokeGrant: (control, argument) => control.revokeGrant(Whose.parse(argument)),
  expireAccessTokens: (control) => control.expireAccessTokens(),
  expireSyncTokens: (control) => control.expireSyncTokens(),
  dropNotifications: (control, argument) =>
    control.dropNotifications(z.object({ isOn: z.boolean() }).parse(argument)),
  deliveries: (control) => control.deliveries(),
  settled: (control) => control.settled(),
  advance: (control, argument) => control.advance(z.object({ ms: z.number() }).parse(argument)),
};

/** The status and the JSON text of an answer. */
export async function answerControl(
  control: Control,
  name: string,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined)
    return { status: 404, text: JSON.stringify({ commands: Object.keys(COMMANDS) }) };
  try {
    const result = await command(control, body === "" ? undefined : JSON.parse(body));
    return { status: 200, text: JSON.stringify(result ?? {}) };
  } catch (error) {
    return {
      status: 400,
      text: JSON.stringify({ message: error instanceof Error ? error.message : "failed" }),
    };
  }
}
