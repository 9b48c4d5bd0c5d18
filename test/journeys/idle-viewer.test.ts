import { afterAll, beforeAll, expect, it } from "vitest";
import { inDays } from "./support/eventually.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

/** Every ten seconds the runtime lets go of objects that had no event for ten seconds. */
const LONGER_THAN_AN_OBJECT_IDLES_MS = 24_000;

interface Message {
  readonly seq: number;
  readonly changes: readonly { readonly start: string; readonly state: string }[];
}

let world: TestNetwork;
beforeAll(async () => {
  world = await startTestNetwork();
});
afterAll(() => world?.stop());

/** Looks on at a host; `next` waits for the next message. */
function watch(host: string): { next(): Promise<Message>; isOpen(): boolean; close(): void } {
  const socket = new WebSocket(`${world.url.replace("http", "ws")}/api/hosts/${host}/live`);
  const heard: Message[] = [];
  const waiting: ((message: Message) => void)[] = [];
  socket.addEventListener("message", ({ data }) => {
    const message: Message = JSON.parse(String(data));
    const first = waiting.shift();
    if (first) first(message);
    else heard.push(message);
  });
  return {
    next: async () => heard.shift() ?? new Promise((resolve) => waiting.push(resolve)),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.close(),
  };
}

it("a viewer who only looks on keeps no authority in memory, and still hears of what is taken", async () => {
  const { host, meetingType } = await world.host();
  const idle = watch(host.did);
  const { seq: atFirst } = await idle.next();
  const soonAfter = watch(host.did);
  expect((await soonAfter.next()).seq, "the same object answers while it is awake").toBe(atFirst);
  soonAfter.close();

  await new Promise((resolve) => setTimeout(resolve, LONGER_THAN_AN_OBJECT_IDLES_MS));
  const late = watch(host.did);
  // Numbers start from the clock when an object is made, so a higher one without any change means a new object.
  expect((await late.next()).seq, "another object answers").toBeGreaterThan(atFirst);
  expect(idle.isOpen()).toBe(true);

  const start = inDays(2, "09:00");
  const booker = await world.person();
  const body = { host: host.did, meetingType, start, requestId: crypto.randomUUID() };
  const answer = await booker.call("social.schedule.requestBooking", "/api/bookings", { body });
  expect(answer.status).toBe(201);
  const [toIdle, toLate] = await Promise.all([idle.next(), late.next()]);
  expect(toIdle.changes).toMatchObject([{ state: "taken", start }]);
  expect(toLate).toEqual(toIdle);
  idle.close();
  late.close();
});
