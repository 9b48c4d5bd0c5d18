import { expect, it } from "vitest";
import { Visitor } from "./support/visitor.ts";

const LINK = "/api/bookings/0123.ics?from=mail";
const BROWSER = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

it("a link that somebody opens where they are not signed in leads to signing in, and back to what it is about", async () => {
  const answer = await Visitor.nobody().call(LINK, { headers: BROWSER });
  expect(answer.status).toBe(303);
  const location = new URL(answer.headers.get("location") ?? "", "https://cal.example");
  expect(location.pathname).toBe("/auth/login");
  expect(location.searchParams.get("returnTo")).toBe(LINK);
});

it.each([
  ["a program", { accept: "application/json" }, "GET"],
  ["who says nothing of what they want", {}, "GET"],
  ["whoever shows a token that is not good", { ...BROWSER, authorization: "Bearer x" }, "GET"],
  ["a form", BROWSER, "POST"],
])("%s is told in JSON", async (_, headers, method) => {
  const path = method === "POST" ? "/api/bookings" : LINK;
  const answer = await Visitor.nobody().call(path, { headers, method });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ message: expect.any(String) });
});
