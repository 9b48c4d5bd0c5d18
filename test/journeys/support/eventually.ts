/** Waiting for what happens by itself. */

/** Asks every tenth of a second until `isEnough`, for at most `seconds`; returns the last answer either way. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  isEnough: (value: Value) => boolean,
  seconds = 15,
): Promise<Value> {
  for (let tries = 0; ; tries += 1) {
    const value = await ask();
    if (isEnough(value) || tries >= seconds * 10) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** An RFC 3339 instant some days from today, UTC. */
export function inDays(days: number, time: string): string {
  const date = new Date(Date.now() + days * 24 * 60 * 60_000).toISOString().slice(0, 10);
  return `${date}T${time}:00Z`;
}
