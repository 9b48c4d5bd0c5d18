import { expect, test } from "vitest";
import { tokenFrom } from "../../ui/mail-token.ts";

test.each([
  ["#v1.abc-DEF_123.sig~", "v1.abc-DEF_123.sig~"],
  ["#a=b%3D", "a=b%3D"],
])("the token of %j is %j, as it is", (hash, token) => {
  expect(tokenFrom(hash)).toBe(token);
});

test.each(["", "#", "#two words", "#\u0000", "#é", `#${"x".repeat(2001)}`])("%j holds no token", (hash) => {
  expect(tokenFrom(hash)).toBeUndefined();
});
