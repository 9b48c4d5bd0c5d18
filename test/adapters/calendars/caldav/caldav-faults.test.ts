import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createDav } from "../../../../adapters/calendars/caldav/dav-requests.ts";
import { parseAccess } from "../../../../adapters/calendars/caldav/caldav-access.ts";
import { fetchTexts } from "../../../../adapters/calendars/caldav/caldav-resources.ts";
import {
  removeCalDavBooking,
  writeCalDavBooking,
} from "../../../../adapters/calendars/caldav/caldav-write.ts";
import { calendarUid } from "../../../../adapters/ics/booking-text.ts";
import { CASE_RANGE, calendarText, written } from "../../../support/caldav-cases.ts";
import { NOW, SETTINGS, accessTo, find, read, readOne } from "../../../support/caldav-questions.ts";
import { multistatus, response, startFakeCalDav } from "../../../support/fake-caldav.ts";
import type { FakeCalDav, Fault, Step } from "../../../support/fake-caldav.ts";
import { startServer } from "../../atproto/loopback-server.ts";
import { BOOKING } from "../../ics/booking.ts";

const NOON = calendarText("noon", [["DTSTART:20260312T120000Z", "DTEND:20260312T130000Z"]]);
const BILLION_LAUGHS = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "${"&lol;".repeat(10)}">]><d:multistatus xmlns:d="DAV:">&lol2;</d:multistatus>`;

let server: FakeCalDav;
beforeEach(async () => {
  server = await startFakeCalDav();
  server.resources.set("noon", NOON);
});
afterEach(() => server.stop());

function saysOfAll(status: number): Fault {
  return (answer, right) => {
    const said = right.replaceAll(
      /<d:propstat>.*?<\/d:propstat>/gs,
      `<d:status>HTTP/1.1 ${status} No</d:status>`,
    );
    answer.writeHead(207).end(said);
  };
}

function hangsUp(): Fault {
  return (answer, right) => {
    answer.writeHead(207, { "content-length": String(right.length) });
    answer.write(right.slice(0, -30));
    setTimeout(() => answer.destroy(), 20);
  };
}

const FAULTS: readonly (readonly [string, Fault, string])[] = [
  ["401", { status: 401 }, "unauthorized"],
  ["403", { status: 403 }, "unauthorized"],
  ["404", { status: 404 }, "not-found"],
  ["410", { status: 410 }, "not-found"],
  ["405", { status: 405 }, "not-a-calendar"],
  ["429", { status: 429, headers: { "retry-after": "120" } }, "rate-limited"],
  ["503 with a time to come back", { status: 503, headers: { "retry-after": "120" } }, "rate-limited"],
  ["503", { status: 503 }, "server-error"],
  ["500", { status: 500 }, "server-error"],
  ["507", { status: 507 }, "too-large"],
  ["a redirect to nowhere", { status: 302 }, "server-error"],
  [
    "a redirect to an internal address",
    { status: 302, headers: { location: "http://169.254.169.254/" } },
    "refused-address",
  ],
  ["a page with 200", { status: 200, body: "<!doctype html><title>Sign in</title>" }, "not-a-calendar"],
  ["a multistatus with 200", { status: 200 }, "not-a-calendar"],
  ["207 that says 404", saysOfAll(404), "not-found"],
  ["207 that says 403", saysOfAll(403), "unauthorized"],
  ["204", { status: 204 }, "not-a-calendar"],
  ["207 with nothing", { body: "" }, "not-a-calendar"],
  ["207 with a page", { body: "<html><body>hello</body></html>" }, "not-a-calendar"],
  ["207 with something else in XML", { body: "<multistatus/>" }, "not-a-calendar"],
  ["207 with no responses", { body: multistatus("") }, "not-a-calendar"],
  ["207 with a response of nothing", { body: multistatus("<d:response/>") }, "not-a-calendar"],
  ["207 cut off", (answer, right) => answer.writeHead(207).end(right.slice(0, -20)), "not-a-calendar"],
  ["a DOCTYPE with entities that grow", { body: BILLION_LAUGHS }, "not-a-calendar"],
  ["an entity nobody declared", { body: multistatus("&secret;") }, "not-a-calendar"],
  ["a connection that breaks", hangsUp(), "unreachable"],
];

describe.each<Step>(["state", "listing", "multiget"])("reading, where the %s is answered with", (step) => {
  it.each(FAULTS)("%s", async (name, fault, problem) => {
    server.breaks(step, fault);
    const reading = await read(server, [server.calendar]);
    const seen = reading.kind === "failed" ? reading : reading.calendars.get(server.calendar.href);
    // What is so of the texts says nothing about whether the calendar is there.
    const isOfCalendar = step !== "multiget" || problem !== "not-found";
    // An answer without what was asked for is no answer, whatever else it is.
    const isEmpty = step === "multiget" && name === "207 with no responses";
    expect(seen).toMatchObject({
      kind: "failed",
      problem: isOfCalendar && !isEmpty ? problem : "server-error",
    });
    expect(reading).toMatchObject(
      ["unreachable", "rate-limited"].includes(problem) || name === "401"
        ? { kind: "failed" }
        : { kind: "read" },
    );
    if (problem === "rate-limited") {
      expect(reading).toMatchObject({ retryAfterMs: 120_000 });
    }
  });
});

describe.each<Step>(["start", "principal", "home"])("finding, where the %s is answered with", (step) => {
  it.each(FAULTS)("%s", async (_name, fault, problem) => {
    server.breaks(step, fault);
    expect(await find(server)).toMatchObject({ kind: "failed", problem });
  });
});

describe("one resource among others", () => {
  beforeEach(() => {
    server.resources.set(
      "late",
      calendarText("late", [["DTSTART:20260312T200000Z", "DTEND:20260312T210000Z"]]),
    );
  });

  it.each([
    ["is handed out as nothing", ""],
    ["is a page", "<html>\n</html>"],
    ["breaks off", NOON.slice(0, -20)],
  ])("that %s makes the calendar fail, since nobody knows when it is", async (_, text) => {
    server.resources.set("noon", text);
    expect(await readOne(server, server.calendar)).toEqual({ kind: "failed", problem: "not-a-calendar" });
  });

  it("that is listed and not handed out makes the calendar fail", async () => {
    server.resources.set("noon", undefined);
    expect(await readOne(server, server.calendar)).toEqual({ kind: "failed", problem: "server-error" });
  });

  it.each([
    [403, "unauthorized"],
    [404, "server-error"],
    [500, "server-error"],
    [507, "too-large"],
  ])("that is answered with a %d of its own makes the calendar fail", async (status, problem) => {
    server.breaks("multiget", (answer, right) =>
      answer
        .writeHead(207)
        .end(
          right.replace(
            /<d:response><d:href>\/home\/work\/noon.*?<\/d:response>/s,
            `<d:response><d:href>/home/work/noon.ics</d:href><d:status>HTTP/1.1 ${status} No</d:status></d:response>`,
          ),
        ),
    );
    server.breaks("query", {
      body: multistatus(
        "<d:response><d:href>/home/work/</d:href><d:status>HTTP/1.1 507 No</d:status></d:response>",
      ),
    });
    const reading = await readOne(server, server.calendar);
    expect(reading).toMatchObject({ kind: "failed", problem });
  });

  it("whose text came with an error makes the calendar fail", async () => {
    server.breaks("multiget", (answer, right) =>
      answer.writeHead(207).end(right.replace("HTTP/1.1 200 OK", "HTTP/1.1 500 Oops")),
    );
    expect(await readOne(server, server.calendar)).toEqual({ kind: "failed", problem: "server-error" });
  });

  it("with lines that are none does not hide the others", async () => {
    server.resources.set("noon", NOON.replace("SUMMARY", "?").replace("DTEND", "\u0007 ???\r\nDTEND"));
    const reading = await readOne(server, server.calendar);
    expect(reading.kind === "read" && written(reading.busy)).toEqual([
      "2026-03-12T12:00/2026-03-12T13:00",
      "2026-03-12T20:00/2026-03-12T21:00",
    ]);
  });

  it("with the same UID as another hides nothing of it, though it calls itself newer", async () => {
    const twin = [["SEQUENCE:9", "DTSTART:20260313T120000Z", "DTEND:20260313T130000Z"]];
    server.resources.set("twin", calendarText("noon", twin));
    const reading = await readOne(server, server.calendar);
    expect(reading.kind === "read" && reading.busy).toHaveLength(3);
  });

  it("that is no event, by its kind or its name, is not fetched", async () => {
    server.breaks("listing", {
      body: multistatus(
        response("/home/work/", "") +
          response("/home/work/noon.ics", "<d:getcontenttype>text/plain</d:getcontenttype>") +
          response("/home/work/late.ics", "") +
          response("/home/work/readme", "<d:getcontenttype>text/plain</d:getcontenttype>") +
          response("/home/work/sub.ics", "<d:resourcetype><d:collection/></d:resourcetype>"),
      ),
    });
    const reading = await readOne(server, server.calendar);
    expect(reading.kind === "read" && reading.busy).toHaveLength(2);
  });
});

describe("what a calendar was the last time", () => {
  const again = async (validators: string) => {
    const before = server.steps.length;
    const reading = await read(server, [], {
      calendars: [{ id: "it", ref: server.calendar.href, validators }],
    });
    const steps = server.steps.slice(before);
    return [reading.kind === "read" && reading.calendars.get("it")?.kind, ...steps];
  };
  const validatorsNow = async (): Promise<string> => {
    const reading = await readOne(server, server.calendar);
    return (reading.kind === "read" && reading.validators) || "";
  };

  it("is known by its tokens, without looking into it", async () => {
    expect(await again(await validatorsNow())).toEqual(["unchanged", "state"]);
    expect(await again("another")).toEqual(["read", "state", "listing", "multiget"]);
  });

  it("is known by the versions of what is in it, where the server has no tokens", async () => {
    server.breaks("state", {
      body: multistatus(response("/home/work/", "<d:resourcetype><c:calendar/></d:resourcetype>")),
    });
    const validators = await validatorsNow();
    expect(await again(validators)).toEqual(["unchanged", "state", "listing"]);
    server.resources.set("later", NOON);
    expect(await again(validators)).toEqual(["read", "state", "listing", "multiget"]);
  });

  it("is not known where something in it has no version either", async () => {
    server.breaks("state", {
      body: multistatus(response("/home/work/", "<d:resourcetype><c:calendar/></d:resourcetype>")),
    });
    server.breaks("listing", { body: multistatus(response("/home/work/noon.ics", "")) });
    expect(await readOne(server, server.calendar)).toEqual({ kind: "read", busy: [expect.anything()] });
  });

  it("is of no use when there is a folder now where the calendar was", async () => {
    server.breaks("state", {
      body: multistatus(
        response(
          "/home/work/",
          "<d:resourcetype><d:collection/></d:resourcetype><d:sync-token>t1</d:sync-token>",
        ),
      ),
    });
    expect(await again(await validatorsNow().catch(() => ""))).toEqual(["failed", "state"]);
  });
});

describe("one calendar after the other", () => {
  /** The fake has one calendar, which is as good as three. */
  const asked = () => ["a", "b", "c"].map((name) => ({ id: name, ref: server.calendar.href }));
  /** Right once, and this from then on. */
  const later = (fault: Fault): void => {
    let times = 0;
    server.breaks("state", (answer, right) => {
      times += 1;
      if (times === 1) {
        answer.writeHead(207).end(right);
      } else if (typeof fault === "function") {
        fault(answer, right);
      } else {
        answer.writeHead(fault.status ?? 500, { ...fault.headers }).end();
      }
    });
  };

  it.each<readonly [string, Fault, string, number | undefined]>([
    ["sends us away for a while", { status: 429, headers: { "retry-after": "60" } }, "rate-limited", 60_000],
    ["no longer takes the password", { status: 401 }, "unauthorized", undefined],
    ["breaks off", (answer) => void answer.destroy(), "unreachable", undefined],
  ])("a server that %s after the first is not asked for the third", async (_, fault, problem, restMs) => {
    later(fault);
    const reading = await read(server, [], { calendars: asked() });
    expect(reading.kind === "read" && [...reading.calendars.values()]).toEqual([
      expect.objectContaining({ kind: "read" }),
      { kind: "failed", problem },
      { kind: "failed", problem },
    ]);
    expect(reading.kind === "read" && reading.restMs).toBe(restMs);
    expect(server.steps.filter((step) => step === "state")).toHaveLength(2);
  });

  it("a server that has trouble with one is asked for the next", async () => {
    later({ status: 500 });
    const reading = await read(server, [], { calendars: asked() });
    expect(reading.kind === "read" && [...reading.calendars.values()].map(({ kind }) => kind)).toEqual([
      "read",
      "failed",
      "failed",
    ]);
    expect(server.steps.filter((step) => step === "state")).toHaveLength(3);
  });

  it("a server that answers none in time has not been reached; one that answers some has failed with the rest", async () => {
    const soon = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 150);
      return controller.signal;
    });
    later(() => undefined);
    const some = await read(server, [], { calendars: asked() });
    server.breaks("state", () => undefined);
    const none = await read(server, [], { calendars: asked() });
    soon.mockRestore();
    expect(some.kind === "read" && [...some.calendars.values()]).toEqual([
      expect.objectContaining({ kind: "read" }),
      { kind: "failed", problem: "timeout" },
      { kind: "failed", problem: "timeout" },
    ]);
    expect(none).toEqual({ kind: "failed", problem: "timeout" });
  });
});

describe("what would be much", () => {
  it("an answer of more than ten megabytes is not read to its end", async () => {
    server.breaks("listing", (answer) => {
      answer.writeHead(207);
      const flood = setInterval(() => answer.write(" ".repeat(1_000_000)), 1);
      answer.on("close", () => clearInterval(flood));
    });
    expect(await readOne(server, server.calendar)).toEqual({ kind: "failed", problem: "too-large" });
  });

  it("texts that are too large together are asked for by what may touch the time", async () => {
    server.resources.set(
      "huge",
      calendarText("huge", [["DTSTART:20200101T000000Z", `X-A:${"a".repeat(10_500_000)}`]]),
    );
    server.breaks("query", {
      body: multistatus(response("/home/work/noon.ics", "<d:getetag>1</d:getetag>")),
    });
    const reading = await readOne(server, server.calendar);
    expect(reading.kind === "read" && written(reading.busy)).toEqual(["2026-03-12T12:00/2026-03-12T13:00"]);
    expect(server.steps.filter((step) => step === "query")).toHaveLength(5);
  });

  it("thousands of events are asked for by what may touch the time, and all of them where that is refused", async () => {
    for (let at = 0; at < 5_001; at += 1) {
      server.resources.set(`past-${at}`, calendarText(`past-${at}`, [["DTSTART:20200101T000000Z"]]));
    }
    server.breaks("query", { body: multistatus(response("/home/work/noon.ics", "")) });
    expect(await readOne(server, server.calendar)).toMatchObject({ kind: "read", busy: [{}] });
    expect(server.steps.filter((step) => step === "multiget")).toHaveLength(1);
    server.breaks("query", { status: 500 });
    expect(await readOne(server, server.calendar)).toMatchObject({ kind: "read", busy: [{}] });
    expect(server.steps.filter((step) => step === "multiget")).toHaveLength(1 + 51);
  }, 30_000);

  it("a server that lets one wait is given up on in time, calendar by calendar", async () => {
    const account = parseAccess(accessTo(server), true);
    const dav = createDav(account!, SETTINGS, AbortSignal.timeout(150), NOW);
    server.breaks("multiget", () => undefined);
    const began = performance.now();
    const list = [{ url: new URL("noon.ics", server.calendar), href: "/home/work/noon.ics" }];
    expect(await fetchTexts(dav, server.calendar, list, CASE_RANGE)).toMatchObject({ problem: "timeout" });
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe("who gets to see the password", () => {
  it("nobody at another origin, on whatever step one is sent there", async () => {
    const seen: string[] = [];
    const thief = await startServer((request, answer) => {
      seen.push(`${request.method} ${request.headers.authorization}`);
      answer.writeHead(207).end();
    });
    const away: Fault = { status: 301, headers: { location: `${thief.url}/` } };
    for (const step of ["start", "principal", "home"] as const) {
      server.breaks(step, away);
      expect(await find(server)).toEqual({ kind: "failed", problem: "refused-address" });
    }
    for (const step of ["multiget", "listing", "state"] as const) {
      server.breaks(step, away);
      expect(await readOne(server, server.calendar)).toEqual({ kind: "failed", problem: "refused-address" });
    }
    const place = { access: accessTo(server), ref: server.calendar.href };
    server.breaks("put", { status: 307, headers: { location: `${thief.url}/` } });
    server.breaks("delete", { status: 308, headers: { location: `${thief.url}/` } });
    expect(await writeCalDavBooking(place, BOOKING, SETTINGS, NOW)).toMatchObject({ kind: "failed" });
    expect(await removeCalDavBooking(place, BOOKING.uid, SETTINGS, NOW)).toMatchObject({ kind: "failed" });
    const elsewhere = { ...place, ref: `${thief.url}/home/work/` };
    expect(await writeCalDavBooking(elsewhere, BOOKING, SETTINGS, NOW)).toMatchObject({
      problem: "refused-address",
    });
    await thief.stop();
    expect(seen).toEqual([]);
  });

  it("nobody by a principal, a home or a calendar that is named at another origin", async () => {
    const seen: (string | undefined)[] = [];
    const thief = await startServer((request, answer) => {
      seen.push(request.headers.authorization);
      answer.writeHead(207).end();
    });
    const named = `<d:href>${thief.url}/x/</d:href>`;
    const calendar = "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>";
    server.breaks("home", {
      body: multistatus(response(`${thief.url}/x/`, calendar) + response("/home/work/", calendar)),
    });
    expect(await find(server)).toMatchObject({ calendars: [{ ref: server.calendar.href }] });
    server.breaks("principal", {
      body: multistatus(response("/me/", `<c:calendar-home-set>${named}</c:calendar-home-set>`)),
    });
    expect(await find(server)).toEqual({ kind: "failed", problem: "refused-address" });
    server.breaks("start", {
      body: multistatus(response("/", `<d:current-user-principal>${named}</d:current-user-principal>`)),
    });
    expect(await find(server)).toEqual({ kind: "failed", problem: "refused-address" });
    await thief.stop();
    expect(seen).toEqual([]);
  });

  it("no log and no answer, whatever goes wrong", async () => {
    const consoles = [vi.spyOn(console, "error"), vi.spyOn(console, "warn"), vi.spyOn(console, "log")];
    server.breaks("principal", { status: 500, body: "secret alice" });
    const answers = [await find(server), await find({ ...server, url: "http://127.0.0.1:1" })];
    expect(JSON.stringify(answers)).not.toMatch(/secret|alice|127\.0\.0\.1/);
    for (const spy of consoles) {
      expect(spy).not.toHaveBeenCalled();
    }
    vi.restoreAllMocks();
  });
});

describe("finding calendars", () => {
  it("goes on elsewhere when the typed place is none of a calendar server", async () => {
    let isFirst = true;
    server.breaks("start", (answer, right) => {
      answer.writeHead(isFirst ? 404 : 207).end(right);
      isFirst = false;
    });
    expect(await find({ ...server, url: `${server.url}/typed` })).toMatchObject({ kind: "found" });
  });

  it.each([403, 404])(
    "looks into one home when another, somebody else's, is answered with %d",
    async (status) => {
      server.breaks("principal", {
        body: multistatus(
          response(
            "/me/",
            "<c:calendar-home-set><d:href>/theirs/</d:href><d:href>/home/</d:href></c:calendar-home-set>",
          ),
        ),
      });
      server.breaks("start", (answer, right) => {
        // The fake knows no other home, so it takes this one for a place to start at.
        answer.writeHead(server.steps.length > 2 ? status : 207).end(right);
      });
      expect(await find(server)).toMatchObject({ kind: "found", calendars: [{}] });
    },
  );

  it("does not try a wrong password at every door", async () => {
    server.breaks("start", { status: 401 });
    await find({ ...server, url: `${server.url}/typed` });
    expect(server.steps).toEqual(["start"]);
  });

  it("knows a server that took it for nobody, whatever its status says", async () => {
    server.breaks("start", {
      body: multistatus(
        response("/", "<d:current-user-principal><d:unauthenticated/></d:current-user-principal>"),
      ),
    });
    expect(await find(server)).toEqual({ kind: "failed", problem: "unauthorized" });
  });

  it.each<readonly [string, string, object | undefined]>([
    ["one without a name is called by its address", "", { name: "été", isOwn: true, isWritable: true }],
    [
      "one that only shows",
      "<d:current-user-privilege-set><d:privilege><d:read/></d:privilege></d:current-user-privilege-set>",
      { isWritable: false },
    ],
    [
      "one with all rights",
      "<d:current-user-privilege-set><d:privilege><d:all/></d:privilege></d:current-user-privilege-set>",
      { isWritable: true },
    ],
    [
      "one that may be added to",
      "<d:current-user-privilege-set><d:privilege><d:read/></d:privilege><d:privilege><d:bind/></d:privilege></d:current-user-privilege-set>",
      { isWritable: true },
    ],
    [
      "one that makes nobody busy",
      "<c:schedule-calendar-transp><c:transparent/></c:schedule-calendar-transp>",
      { isOwn: false },
    ],
    [
      "one that does",
      "<c:schedule-calendar-transp><c:opaque/></c:schedule-calendar-transp>",
      { isOwn: true },
    ],
    [
      "one of tasks",
      '<c:supported-calendar-component-set><c:comp name="VTODO"/></c:supported-calendar-component-set>',
      undefined,
    ],
    [
      "one of events and tasks",
      '<c:supported-calendar-component-set><c:comp name="VTODO"/><c:comp name="VEVENT"/></c:supported-calendar-component-set>',
      {},
    ],
    [
      "one with a hostile name",
      `<d:displayname>a\u0007\n&#8232;${"x".repeat(500)}</d:displayname>`,
      { name: `a ${"x".repeat(198)}` },
    ],
  ])("%s", async (_, properties, expected) => {
    const type = "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>";
    server.breaks("home", {
      body: multistatus(
        response("/home/", "<d:resourcetype><d:collection/></d:resourcetype>") +
          response("/home/%C3%A9t%C3%A9/", type + properties) +
          response(
            "/home/inbox/",
            "<d:resourcetype><d:collection/><c:calendar/><c:schedule-inbox/></d:resourcetype>",
          ),
      ),
    });
    const found = await find(server);
    expect(found.kind === "found" && found.calendars).toEqual(
      expected === undefined ? [] : [expect.objectContaining(expected)],
    );
  });

  it("takes addresses that forget https from a server behind a proxy", async () => {
    vi.stubGlobal("fetch", async (url: URL, { body = "" }: { body?: string }) => {
      const answer = body.includes("current-user-principal")
        ? response(
            "/",
            "<d:current-user-principal><d:href>http://dav.example.com/me</d:href></d:current-user-principal>",
          )
        : url.pathname === "/me"
          ? response(
              "/me",
              "<c:calendar-home-set><d:href>http://dav.example.com/home/</d:href></c:calendar-home-set>",
            )
          : response("http://dav.example.com/home/a/", "<d:resourcetype><c:calendar/></d:resourcetype>");
      expect(url.protocol).toBe("https:");
      return new Response(multistatus(answer), { status: 207 });
    });
    const found = await find({ url: "dav.example.com", username: "a", password: "b" });
    vi.unstubAllGlobals();
    expect(found).toMatchObject({ calendars: [{ ref: "https://dav.example.com/home/a/" }] });
  });
});

describe("writing", () => {
  const place = () => ({ access: accessTo(server), ref: server.calendar.href });
  const uid = calendarUid(BOOKING.uid, SETTINGS.PUBLIC_URL);

  it.each([
    [401, "unauthorized"],
    [403, "read-only"],
    [405, "read-only"],
    [404, "not-found"],
    [409, "not-found"],
    [400, "read-only"],
    [412, "read-only"],
    [415, "read-only"],
    [422, "read-only"],
    [408, "server-error"],
    [423, "server-error"],
    [425, "server-error"],
    [429, "rate-limited"],
    [500, "server-error"],
    [507, "too-large"],
  ])("a PUT that is answered with %d has failed: %s", async (status, problem) => {
    server.breaks("put", { status });
    expect(await writeCalDavBooking(place(), BOOKING, SETTINGS, NOW)).toMatchObject({
      kind: "failed",
      problem,
    });
  });

  it("a 207 that names a failure is none that is done", async () => {
    const error = (status: number) => ({
      status: 207,
      body: multistatus(
        `<d:response><d:href>http%3A//x</d:href><d:status>HTTP/1.1 ${status} No</d:status></d:response>`,
      ),
    });
    server.breaks("put", error(412));
    expect(await writeCalDavBooking(place(), BOOKING, SETTINGS, NOW)).toMatchObject({ kind: "failed" });
    expect(server.steps).toEqual(["put", "query"]);
    server.breaks("delete", error(403));
    expect(await removeCalDavBooking(place(), BOOKING.uid, SETTINGS, NOW)).toMatchObject({ kind: "failed" });
    server.breaks("put", error(201));
    expect(await writeCalDavBooking(place(), BOOKING, SETTINGS, NOW)).toEqual({ kind: "done" });
    server.breaks("put", { status: 207, body: "?" });
    expect(await writeCalDavBooking(place(), BOOKING, SETTINGS, NOW)).toMatchObject({
      problem: "server-error",
    });
  });

  it("touches nobody else's event, though the server calls everything a match", async () => {
    server.breaks("put", { status: 403 });
    server.breaks("query", {
      body: multistatus(
        response("/home/work/noon.ics", `<c:calendar-data><![CDATA[${NOON}]]></c:calendar-data>`) +
          response(
            "/home/work/both.ics",
            `<c:calendar-data><![CDATA[${NOON}${calendarText(uid, [[]])}]]></c:calendar-data>`,
          ) +
          response("/home/work/", ""),
      ),
    });
    server.breaks("delete", { status: 404 });
    await writeCalDavBooking(place(), BOOKING, SETTINGS, NOW);
    expect(await removeCalDavBooking(place(), BOOKING.uid, SETTINGS, NOW)).toEqual({ kind: "done" });
    expect(server.steps).toEqual(["put", "query", "delete", "query"]);
  });

  it("moves an event here from another calendar where the server allows it once, and only if it is the booking", async () => {
    const conflict =
      '<d:error xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><c:no-uid-conflict><d:href>/home/other/x.ics</d:href></c:no-uid-conflict></d:error>';
    let puts = 0;
    server.breaks("put", (answer) => {
      puts += 1;
      answer.writeHead(puts === 1 ? 403 : 201).end(conflict);
    });
    server.breaks("query", { body: multistatus("") });
    server.breaks("multiget", {
      body: multistatus(
        response("/home/other/x.ics", `<c:calendar-data>${calendarText(uid, [[]])}</c:calendar-data>`),
      ),
    });
    expect(await writeCalDavBooking(place(), BOOKING, SETTINGS, NOW)).toEqual({ kind: "done" });
    expect(server.asked.slice(2)).toEqual(["/home/other/", "/home/other/x.ics", server.asked[0]]);
    puts = 0;
    server.breaks("multiget", {
      body: multistatus(response("/home/other/x.ics", `<c:calendar-data>${NOON}</c:calendar-data>`)),
    });
    const before = server.steps.length;
    expect(await writeCalDavBooking(place(), BOOKING, SETTINGS, NOW)).toMatchObject({
      problem: "read-only",
    });
    expect(server.steps.slice(before)).toEqual(["put", "query", "multiget"]);
  });

  it("is not done with removing while nobody has looked for copies", async () => {
    server.breaks("delete", { status: 404 });
    server.breaks("query", { status: 503, headers: { "retry-after": "60" } });
    expect(await removeCalDavBooking(place(), BOOKING.uid, SETTINGS, NOW)).toEqual({
      kind: "failed",
      problem: "rate-limited",
      retryAfterMs: 60_000,
    });
  });
});
