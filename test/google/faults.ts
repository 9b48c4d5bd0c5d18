/** Faults: what the next calls that match get instead of, or besides, their answer. */

import { z } from "zod";
import { namedError } from "./errors.ts";
import type { State } from "./state.ts";

export const FaultSpec = z.object({
  /** Part of the path, such as `/freeBusy` or `/token`. Default: every path. */
  path: z.string().optional(),
  method: z.string().optional(),
  /** How many calls; default 1. */
  times: z.number().int().positive().optional(),
  /** How many matching calls go well before. */
  skip: z.number().int().nonnegative().optional(),
  /** Waits before it answers. */
  delayMs: z.number().int().nonnegative().optional(),
  /** An error with Google's body, and nothing is done. Reason: see `errors.ts`; default by status. */
  error: z
    .object({
      status: z.number().int(),
      reason: z.string().optional(),
      retryAfterSeconds: z.number().int().optional(),
    })
    .optional(),
  /** Anything at all as an answer, and nothing is done. */
  answer: z
    .object({
      status: z.number().int(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.string(),
    })
    .optional(),
  /** A page of HTML, as proxies and outages give. Nothing is done. */
  html: z.object({ status: z.number().int() }).optional(),
  /** The call is done, and then the connection breaks after so many bytes of the body; 0: before the answer. */
  cutAfterBytes: z.number().int().nonnegative().optional(),
  /** Errors of calendars inside a freeBusy answer of 200, by the id asked for. */
  calendarErrors: z.record(z.string(), z.string()).optional(),
  /** Calendars that a freeBusy answer has without `busy`, or (`dropCalendars`) not at all. */
  dropBusy: z.array(z.string()).optional(),
  dropCalendars: z.array(z.string()).optional(),
});
export type FaultSpec = z.infer<typeof FaultSpec>;

export interface Fault {
  readonly spec: FaultSpec;
  skip: number;
  left: number;
}

export function addFault(state: State, spec: FaultSpec): void {
  state.faults.push({ spec, skip: spec.skip ?? 0, left: spec.times ?? 1 });
}

/** The first fault that this call meets; it counts as met. */
export function takeFault(state: State, method: string, path: string): FaultSpec | undefined {
  for (const fault of state.faults) {
    const { spec } = fault;
    if (spec.path !== undefined && !path.includes(spec.path)) continue;
    if (spec.method !== undefined && spec.method !== method) continue;
    if (fault.skip > 0) {
      fault.skip -= 1;
      continue;
    }
    fault.left -= 1;
    if (fault.left === 0) state.faults.splice(state.faults.indexOf(fault), 1);
    return spec;
  }
  return undefined;
}

/** @throws Refused where the fault is an answer by itself */
export function throwFault({ error }: FaultSpec): void {
  if (error !== undefined) throw namedError(error.status, error.reason, error.retryAfterSeconds);
}

/** Changes a freeBusy answer as the fault says; others stay. */
export function spoil(body: object, fault: FaultSpec): object {
  if (!("calendars" in body) || typeof body.calendars !== "object" || body.calendars === null) return body;
  const calendars: Record<string, unknown> = { ...body.calendars };
  for (const [id, reason] of Object.entries(fault.calendarErrors ?? {})) {
    calendars[id] = { errors: [{ domain: "global", reason }], busy: [] };
  }
  for (const id of fault.dropBusy ?? []) calendars[id] = {};
  for (const id of fault.dropCalendars ?? []) delete calendars[id];
  return { ...body, calendars };
}
