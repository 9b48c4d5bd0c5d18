import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const SCRIPT = join(import.meta.dirname, "../../dev/operator.ts");
const TOKEN = "an-operators-token-of-enough-length-5521";
const PAGES: Readonly<Record<string, object>> = {
  "hosts?after=": { hosts: ["did:plc:a", "did:plc:b"], after: "did:plc:b" },
  "hosts?after=did:plc:b": { hosts: ["did:plc:c"] },
  "people?after=": { people: ["did:plc:a", "did:plc:b"], after: "did:plc:b" },
  "people?after=did:plc:b": { people: ["did:plc:c", "did:plc:d"] },
};
const RESEALED = {
  connections: { resealed: 2, current: 1, lost: 0 },
  account: { resealed: 1, current: 0, lost: 1 },
};

const asked: string[] = [];
const broker = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const path = decodeURIComponent(url.pathname);
  const isOperator = request.headers.authorization === `Bearer ${TOKEN}`;
  asked.push(`${request.method} ${path}`);
  const [, list] = /^\/api\/operator\/(hosts|people)$/.exec(path) ?? [];
  const failed = !isOperator || path.includes("did:plc:b/");
  response.statusCode = failed ? 500 : 200;
  const page = PAGES[`${list}?after=${url.searchParams.get("after") ?? ""}`];
  response.end(JSON.stringify(page ?? { error: failed, path, ...(path.endsWith("/reseal") && RESEALED) }));
});

beforeEach(async () => {
  asked.length = 0;
  await new Promise<void>((resolve) => broker.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => broker.close(resolve)));

function port(): string {
  return String((broker.address() as AddressInfo).port);
}

function operator(...args: string[]): Promise<{ code: number; output: string }> {
  return run(args, { OPERATOR_URL: `http://127.0.0.1:${port()}`, OPERATOR_TOKEN: TOKEN });
}

function run(args: string[], env: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [SCRIPT, ...args],
      { env: { ...process.env, ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

describe("the operator's command", () => {
  it.each([
    ["outbox", "GET", "outbox"],
    ["retry", "POST", "outbox/retry"],
    ["rebuild", "POST", "rebuild"],
    ["reconcile", "POST", "reconcile"],
    ["reseal", "POST", "reseal"],
  ])("%s asks the broker for one host, and prints what it answers", async (what, method, path) => {
    const { code, output } = await operator(what, "did:plc:a");
    expect(asked).toEqual([`${method} /api/operator/hosts/did:plc:a/${path}`]);
    expect(output).toContain(`/api/operator/hosts/did:plc:a/${path}`);
    expect(code).toBe(0);
  });

  it("rebuild-all walks all hosts that D1 knows, and is not stopped by one that fails", async () => {
    const { code, output } = await operator("rebuild-all");
    expect(asked.filter((one) => one.startsWith("POST"))).toEqual(
      ["a", "b", "c"].map((name) => `POST /api/operator/hosts/did:plc:${name}/rebuild`),
    );
    expect(output).toContain("2 of 3 hosts");
    expect(code).toBe(1);
  });

  it("rebuild-all takes hosts from the command line, for D1 may know none", async () => {
    const { code } = await operator("rebuild-all", "did:plc:a", "f".repeat(64));
    expect(asked).toEqual([
      "POST /api/operator/hosts/did:plc:a/rebuild",
      `POST /api/operator/hosts/${"f".repeat(64)}/rebuild`,
    ]);
    expect(code).toBe(0);
  });

  it("reseal-all walks everybody whom D1 knows, and says how many secrets it was", async () => {
    const { code, output } = await operator("reseal-all");
    expect(asked.filter((one) => one.startsWith("POST"))).toEqual(
      ["a", "b", "c", "d"].map((name) => `POST /api/operator/hosts/did:plc:${name}/reseal`),
    );
    expect(output).toContain("3 of 4 people");
    expect(output).toContain("9 secrets are under the active key since now, 3 since before, 3 are lost.");
    expect(code).toBe(1);
  });

  it("reseal-all takes people and ids of objects from the command line", async () => {
    const { code } = await operator("reseal-all", "did:plc:a", "f".repeat(64));
    expect(asked).toEqual([
      "POST /api/operator/hosts/did:plc:a/reseal",
      `POST /api/operator/hosts/${"f".repeat(64)}/reseal`,
    ]);
    expect(code).toBe(0);
  });

  it("speaks to the local run with the secrets made for it, where nothing else is said", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "atproto-cal-operator-"));
    mkdirSync(join(dataDir, "broker"));
    writeFileSync(join(dataDir, "broker/secrets.json"), JSON.stringify({ OPERATOR_TOKEN: TOKEN }));
    const { code } = await run(["outbox", "did:plc:a"], { DATA_DIR: dataDir, PORT: port() });
    rmSync(dataDir, { recursive: true });
    expect(asked).toEqual(["GET /api/operator/hosts/did:plc:a/outbox"]);
    expect(code).toBe(0);
  });

  it("never sends the local run's secret to a broker that was named", async () => {
    const { code } = await run(["outbox", "did:plc:a"], { OPERATOR_URL: `http://127.0.0.1:${port()}` });
    expect(asked).toEqual(["GET /api/operator/hosts/did:plc:a/outbox"]);
    expect(code).toBe(1);
  });

  it.each([[[]], [["outbox"]], [["explode", "did:plc:a"]], [["outbox", "did:plc:a", "did:plc:b"]]])(
    "says how it is used when it is asked for %j, and asks nobody",
    async (args) => {
      const { code, output } = await operator(...args);
      expect(output).toContain("npm run operator --");
      expect(asked).toEqual([]);
      expect(code).toBe(1);
    },
  );
});
