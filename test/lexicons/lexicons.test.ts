import { globSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

const ROOT = new URL("../../lexicons/", import.meta.url).pathname;
const FILES = globSync("social/**/*.json", { cwd: ROOT }).toSorted();

type Definition = Record<string, unknown>;

function isDefinition(value: unknown): value is Definition {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function read(file: string): Definition {
  const json: unknown = JSON.parse(readFileSync(ROOT + file, "utf8"));
  if (!isDefinition(json)) {
    throw new Error(`${file} is not a lexicon`);
  }
  return json;
}

/** Every definition that has a `type`, with where it stands. */
function definitions(value: unknown, path: string): [string, Definition][] {
  if (!isDefinition(value)) {
    return [];
  }
  const below = Object.entries(value).flatMap(([key, child]) => definitions(child, `${path}.${key}`));
  return typeof value["type"] === "string" ? [[path, value], ...below] : below;
}

describe.each(FILES)("%s", (file) => {
  const lexicon = read(file);
  const all = definitions(lexicon["defs"], "defs");

  it("is named after its id", () => {
    expect(`${String(lexicon["id"]).replaceAll(".", "/")}.json`).toBe(file);
  });

  it("describes every definition and field", () => {
    // Array items that are references and the object inside a record are described by what they stand for.
    const isPlaceholder = (path: string, type: unknown): boolean =>
      path.endsWith(".record") || (path.endsWith(".items") && type === "ref");
    const silent = all.filter(([path, { type, description }]) => !isPlaceholder(path, type) && !description);
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it("bounds every text, list and number", () => {
    const unbounded = all.filter(([, { type, maxLength, maxGraphemes, maximum, minimum, format }]) => {
      switch (type) {
        case "string":
          return format === undefined && (maxLength === undefined || maxGraphemes === undefined);
        case "array":
          return maxLength === undefined;
        case "integer":
          return maximum === undefined || minimum === undefined;
        default:
          return false;
      }
    });
    expect(unbounded.map(([path]) => path)).toEqual([]);
  });

  it("closes no set of values and no union, so that it can grow", () => {
    const closed = all.filter(([, definition]) => "enum" in definition || definition["closed"] === true);
    expect(closed.map(([path]) => path)).toEqual([]);
  });

  it("names people by DID and says when the record was made", () => {
    const text = JSON.stringify(lexicon["defs"]);
    expect(text).not.toContain('"format":"handle"');
    expect(text).not.toContain('"format":"at-identifier"');
    expect(text).toContain('"createdAt":{"type":"string"');
  });
});

it("there are three of them", () => {
  expect(FILES).toEqual([
    "social/schedule/availability.json",
    "social/schedule/meetingType.json",
    "social/schedule/profile.json",
  ]);
});
