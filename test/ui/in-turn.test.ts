import { expect, test } from "vitest";
import { inTurn } from "../../ui/in-turn.ts";

test("one thing begins when the one before it has ended, however long that took", async () => {
  const said: string[] = [];
  const queue = inTurn();
  const task = (name: string, milliseconds: number) =>
    queue(async () => {
      said.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      said.push(`${name} ends`);
      return name;
    });
  expect(await Promise.all([task("first", 20), task("second", 0)])).toEqual(["first", "second"]);
  expect(said).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});
