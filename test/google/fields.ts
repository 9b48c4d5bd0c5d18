/** Partial answers: `fields=kind,items(id,start/dateTime)`. */

import { invalidParameter } from "./errors.ts";

interface Selection {
  readonly [name: string]: Selection | "all";
}

/** What the selection names of an answer. @throws Refused 400 where it cannot be read */
export function selectFields(answer: object, fields: string): object {
  const tokens = fields.match(/[\w$*-]+|[(),/]/g) ?? [];
  if (tokens.join("") !== fields) throw invalidField(fields);
  const [selection, rest] = readList(tokens, 0, fields);
  if (rest !== tokens.length) throw invalidField(fields);
  const selected = pick(answer, selection);
  return typeof selected === "object" && selected !== null ? selected : {};
}

function readList(tokens: readonly string[], from: number, fields: string): [Selection, number] {
  const selection: Record<string, Selection | "all"> = {};
  let at = from;
  for (;;) {
    const [name, inner, next] = readField(tokens, at, fields);
    selection[name] = inner;
    at = next;
    if (tokens[at] !== ",") return [selection, at];
    at += 1;
  }
}

function readField(
  tokens: readonly string[],
  at: number,
  fields: string,
): [string, Selection | "all", number] {
  const name = tokens[at];
  if (name === undefined || /^[(),/]$/.test(name)) throw invalidField(fields);
  if (tokens[at + 1] === "/") {
    const [inner, selection, next] = readField(tokens, at + 2, fields);
    return [name, { [inner]: selection }, next];
  }
  if (tokens[at + 1] === "(") {
    const [selection, next] = readList(tokens, at + 2, fields);
    if (tokens[next] !== ")") throw invalidField(fields);
    return [name, selection, next + 1];
  }
  return [name, "all", at + 1];
}

function pick(value: unknown, selection: Selection | "all"): unknown {
  if (selection === "all" || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => pick(item, selection));
  const every = selection["*"];
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const wanted = selection[name] ?? every;
      return wanted === undefined ? [] : [[name, pick(inner, wanted)]];
    }),
  );
}

function invalidField(fields: string): Error {
  return invalidParameter("fields", `Invalid field selection ${fields}`);
}
