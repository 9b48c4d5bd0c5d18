import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LiveJson } from "../../worker/wire.ts";
import { liveConnection, type LiveConnection } from "../../ui/live-connection.ts";

/** The server's end of every socket that was opened. */
class FakeSocket extends EventTarget {
  static all: FakeSocket[] = [];
  static isRefused = false;
  readonly address: string;
  isClosed = false;

  constructor(address: string) {
    super();
    if (FakeSocket.isRefused) throw new Error("not allowed here");
    this.address = address;
    FakeSocket.all.push(this);
  }

  close(): void {
    this.isClosed = true;
    this.drop();
  }

  say(message: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  drop(): void {
    this.dispatchEvent(new Event("close"));
  }
}

const LATER = 10 * 60_000;

let told: LiveJson[];
let isUp: boolean;
let connection: LiveConnection;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  FakeSocket.isRefused = false;
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("location", { origin: "https://cal.example" });
  told = [];
  isUp = false;
  connection = liveConnection("/api/hosts/did:plc:host/live", {
    onMessage: (message) => void told.push(message),
    onUp: (next) => {
      isUp = next;
    },
  });
});

afterEach(() => {
  connection.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function last(): FakeSocket {
  const socket = FakeSocket.all.at(-1);
  if (!socket) throw new Error("no socket was opened");
  return socket;
}

describe("a connection", () => {
  test("is up from the first message on, and tells every one", () => {
    connection.open();
    expect(last().address).toBe("wss://cal.example/api/hosts/did:plc:host/live");
    expect(isUp).toBe(false);
    last().say({ seq: 3, changes: [] });
    expect(isUp).toBe(true);
    last().say({ seq: 4, changes: [] });
    expect(told.map(({ seq }) => seq)).toEqual([3, 4]);
  });

  test("that breaks comes back, and goes on after what it has seen", () => {
    connection.open();
    last().say({ seq: 3, changes: [] });
    last().drop();
    expect(isUp).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(FakeSocket.all).toHaveLength(2);
    expect(last().address).toMatch(/\/live\?after=3$/);
    last().say({ seq: 5, changes: [] });
    expect(isUp).toBe(true);
    expect(told.at(-1)).toEqual({ seq: 5, changes: [] });
  });

  test("that is only made at the second attempt says that something may have been missed", () => {
    connection.open();
    last().drop();
    vi.advanceTimersByTime(1000);
    last().say({ seq: 3, changes: [] });
    expect(told).toEqual([{ seq: 3, isReset: true, changes: [] }]);
  });

  test("waits longer after every failure, and is patient only as long as it fails", () => {
    connection.open();
    for (let failure = 0; failure < 4; failure += 1) {
      last().drop();
      vi.advanceTimersByTime(1000 * 2 ** failure);
    }
    expect(FakeSocket.all).toHaveLength(5);
    last().drop();
    vi.advanceTimersByTime(7000);
    expect(FakeSocket.all).toHaveLength(5);
    vi.advanceTimersByTime(9000);
    expect(FakeSocket.all).toHaveLength(6);
    last().say({ seq: 3, changes: [] });
    last().drop();
    vi.advanceTimersByTime(1000);
    expect(FakeSocket.all).toHaveLength(7);
  });

  test("that was closed stays closed until it is opened again, and then goes on", () => {
    connection.open();
    last().say({ seq: 3, changes: [] });
    connection.close();
    expect([isUp, last().isClosed]).toEqual([false, true]);
    vi.advanceTimersByTime(LATER);
    expect(FakeSocket.all).toHaveLength(1);
    connection.open();
    expect(last().address).toMatch(/\/live\?after=3$/);
  });

  test("that was closed while it waited to be tried again is not tried again", () => {
    connection.open();
    last().drop();
    connection.close();
    vi.advanceTimersByTime(LATER);
    expect(FakeSocket.all).toHaveLength(1);
  });

  test("says nothing more of a socket that was given up", () => {
    connection.open();
    const old = last();
    connection.close();
    old.say({ seq: 9, changes: [] });
    expect(told).toEqual([]);
  });

  test("stays down, and harms nothing, where sockets are refused", () => {
    FakeSocket.isRefused = true;
    connection.open();
    vi.advanceTimersByTime(LATER);
    expect(isUp).toBe(false);
    FakeSocket.isRefused = false;
    vi.advanceTimersByTime(LATER);
    expect(FakeSocket.all).toHaveLength(1);
  });
});
