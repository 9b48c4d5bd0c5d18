import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

const handleResolverStub = new URL("./adapters/atproto/handle-resolver-node-stub.ts", import.meta.url)
  .pathname;

/** Zone data is the runtime's, so this is asked of the runtime that decides bookings. `npm run prove` asks Node's. */
const ZONES = "test/scheduling/every-zone.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        // Rules, records and parsing: plain functions, as fast as tests get.
        test: {
          name: "plain",
          environment: "node",
          // A busy machine is no failure.
          testTimeout: 30_000,
          include: [
            "test/{scheduling,lexicons,adapters,ui,lint,dev,google}/**/*.test.ts",
            "test/authority-proof/checker*.test.ts",
          ],
          exclude: [ZONES],
        },
      },
      {
        // The authority, the account and the door, inside the runtime they are made for.
        resolve: { alias: { "@atproto-labs/handle-resolver-node": handleResolverStub } },
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations("./migrations"),
                WEB_SESSION_KEY: "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtdGU",
                SEALING_KEYS: JSON.stringify({
                  active: "test",
                  keys: { test: "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtdGU" },
                }),
              },
            },
          })),
        ],
        test: {
          name: "workerd",
          testTimeout: 30_000,
          include: ["test/{worker,durable-objects}/**/*.test.ts", ZONES],
          setupFiles: ["./test/apply-migrations.ts"],
          deps: {
            optimizer: {
              ssr: {
                enabled: true,
                include: ["ics", "@atproto/oauth-client-node"],
                rolldownOptions: { external: [/^node:/, /^cloudflare:/] },
              },
            },
          },
        },
      },
      {
        // Whole trips on real parts: PLC, PDS, the worker's bundle in workerd, Chromium. One at a time.
        test: {
          name: "journeys",
          environment: "node",
          include: ["test/journeys/**/*.test.ts", "test/authority-proof/authority.test.ts"],
          globalSetup: ["./test/journeys/support/bundle-once.ts"],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // What is too much for every run: peers that are large to install. `npm run test:full`.
        test: {
          name: "full",
          environment: "node",
          include: ["test/full/**/*.test.ts"],
          globalSetup: ["./test/journeys/support/bundle-once.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
