/** Google's own description of its API: the declarations of `@googleapis/calendar`, which Google generates, read as text. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What a value may be, as far as the declarations say it. */
type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "any" }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly of: Shape }
  | { readonly kind: "fields"; readonly fields: ReadonlyMap<string, Shape> }
  | { readonly kind: "schema"; readonly name: string };

/** What Google says of one method. */
export interface PublishedMethod {
  /** Full names, sorted. */
  readonly scopes: readonly string[];
  /** In path and query, sorted; without those of every method. */
  readonly parameters: readonly string[];
  /** Of the answer; undefined: none. */
  readonly schema: string | undefined;
}

const folder = dirname(createRequire(import.meta.url).resolve("@googleapis/calendar"));
const declarations = readFileSync(join(folder, "v3.d.ts"), "utf8");
const withoutComments = declarations.replaceAll(/\/\*[\s\S]*?\*\//g, "");
const shapes = new Map<string, Shape>();

/** What is wrong with a value that should be of a schema, one line for each; empty: nothing. */
export function problemsOf(schema: string, value: unknown): string[] {
  return compare(value, { kind: "schema", name: schema }, schema);
}

/** @param id such as `calendar.freebusy.query` */
export function publishedMethod(id: string): PublishedMethod {
  const [, resource = "", name = ""] = id.split(".");
  const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  const interfaceName = `Params$Resource$${upper(resource.toLowerCase())}$${upper(name)}`;
  const parameters = [...fieldsOf(interfaceName).keys()].filter((each) => each !== "requestBody");
  const promise = new RegExp(
    `\\(params\\?: ${escaped(interfaceName)}, options\\?: MethodOptions\\): Promise<GaxiosResponseWithHTTP2<(?:Schema\\$(\\w+)|void)>>`,
  ).exec(withoutComments);
  if (promise === null) throw new Error(`Google has no method ${id}.`);
  // The example of each method lists the scopes above the call.
  const before = declarations.slice(0, declarations.indexOf(`await ${id}(`));
  const listed = before.slice(before.lastIndexOf("scopes: ["));
  const scopes = listed.match(/https:\/\/www\.googleapis\.com\/auth\/[\w.]+/g) ?? [];
  return { scopes: scopes.toSorted(), parameters: parameters.toSorted(), schema: promise[1] };
}

function compare(value: unknown, shape: Shape, at: string): string[] {
  switch (shape.kind) {
    case "any":
      return [];
    case "string":
    case "number":
    case "boolean":
      return typeof value === shape.kind ? [] : [`${at} is no ${shape.kind}`];
    case "schema":
      return compare(value, shapeOfSchema(shape.name), at);
    case "list":
      if (!Array.isArray(value)) return [`${at} is no list`];
      return value.flatMap((item: unknown, index) => compare(item, shape.of, `${at}[${index}]`));
    case "map":
      return entriesOf(value, at, (name, inner) => compare(inner, shape.of, `${at}.${name}`));
    case "fields":
      return entriesOf(value, at, (name, inner) => {
        const field = shape.fields.get(name);
        return field === undefined ? [`${at} has no field ${name}`] : compare(inner, field, `${at}.${name}`);
      });
  }
}

function entriesOf(value: unknown, at: string, each: (name: string, inner: unknown) => string[]): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${at} is no object`];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => each(name, inner));
}

function shapeOfSchema(name: string): Shape {
  const known = shapes.get(name);
  if (known !== undefined) return known;
  const shape: Shape = { kind: "fields", fields: fieldsOf(`Schema$${name}`) };
  shapes.set(name, shape);
  return shape;
}

function fieldsOf(interfaceName: string): ReadonlyMap<string, Shape> {
  const found = new RegExp(`interface ${escaped(interfaceName)} (?:extends StandardParameters )?`).exec(
    withoutComments,
  );
  if (found === null) throw new Error(`Google has no ${interfaceName}.`);
  const text = withoutComments.slice(found.index + found[0].length);
  const tokens = text.slice(0, text.indexOf("\n    }") + 6).match(/Schema\$\w+|\w+|\[\]|[{}[\]:;|?]/g) ?? [];
  const [shape] = readShape(tokens, 0);
  if (shape.kind !== "fields") throw new Error(`${interfaceName} cannot be read.`);
  return shape.fields;
}

/** A type, and where it ends. */
function readShape(tokens: readonly string[], from: number): [Shape, number] {
  let [shape, at] = tokens[from] === "{" ? readBraces(tokens, from + 1) : readName(tokens, from);
  while (tokens[at] === "[]") {
    shape = { kind: "list", of: shape };
    at += 1;
  }
  // Every field may be null on the way in; answers have none.
  while (tokens[at] === "|" && tokens[at + 1] === "null") at += 2;
  return [shape, at];
}

function readName(tokens: readonly string[], at: number): [Shape, number] {
  const name = tokens[at] ?? "";
  if (name.startsWith("Schema$")) return [{ kind: "schema", name: name.slice("Schema$".length) }, at + 1];
  if (name === "string" || name === "number" || name === "boolean" || name === "any")
    return [{ kind: name }, at + 1];
  throw new Error(`The declarations have a type this cannot read: ${name}`);
}

function readBraces(tokens: readonly string[], from: number): [Shape, number] {
  const fields = new Map<string, Shape>();
  let at = from;
  while (tokens[at] !== "}") {
    if (tokens[at] === "[") {
      // `[key: string]: T;`
      const [of, next] = readShape(tokens, at + 6);
      if (tokens[next + 1] !== "}") throw new Error("The declarations have a map with fields.");
      return [{ kind: "map", of }, next + 2];
    }
    const name = tokens[at] ?? "";
    at += tokens[at + 1] === "?" ? 3 : 2;
    const [shape, next] = readShape(tokens, at);
    fields.set(name, shape);
    at = next + 1;
  }
  return [{ kind: "fields", fields }, at + 1];
}

function escaped(name: string): string {
  return name.replaceAll("$", "\\$");
}
