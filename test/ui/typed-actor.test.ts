import { expect, test } from "vitest";
import { cleanActor } from "../../ui/typed-actor.ts";

test.each([
  ["@Alice.Test", "alice.test"],
  [" alice.test\u200e\n", "alice.test"],
  ["\u2068@alice.test\u2069", "alice.test"],
  ["did:plc:AbC", "did:plc:AbC"],
  ["   ", ""],
])("%j is meant as %j", (typed, actor) => {
  expect(cleanActor(typed)).toBe(actor);
});
