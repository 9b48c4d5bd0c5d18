/** JSON that is too long to be held at once: its lists are fetched page by page, while what came before is being sent. */

/** A list whose items come in pages. */
export type Pages<Item> = AsyncIterable<readonly Item[]>;

/** `Value`, whose lists may still have to be fetched. */
export type Paged<Value> = Value extends readonly (infer Item)[]
  ? Value | Pages<Item>
  : Value extends object
    ? { readonly [Name in keyof Value]: Paged<Value[Name]> }
    : Value;

/** Pages one after the other, until one is not full. `read` gets how many items came before, and the last of them. */
export async function* pagesOf<Item>(
  size: number,
  read: (count: number, last: Item | undefined) => Promise<readonly Item[]>,
): Pages<Item> {
  let count = 0;
  let page: readonly Item[] = [];
  do {
    page = await read(count, page.at(-1));
    count += page.length;
    yield page;
  } while (page.length >= size);
}

/** Pages of something else. */
export async function* mapPages<Item, Other>(pages: Pages<Item>, map: (item: Item) => Other): Pages<Other> {
  for await (const page of pages) {
    yield page.map(map);
  }
}

/**
 * The JSON of `value`, in its order: what is listed later is read later. Nothing is read before somebody takes it. Where reading
 * fails the answer breaks off, and what has arrived is no JSON: nobody can take a part for the whole.
 */
export function streamJson(value: unknown): ReadableStream<Uint8Array> {
  const pieces = piecesOf(value);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value: piece } = await pieces.next();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(encoder.encode(piece));
        }
      } catch (error) {
        console.error("an answer broke off", error instanceof Error ? error.name : "unknown");
        throw error;
      }
    },
    async cancel() {
      await pieces.return();
    },
  });
}

async function* piecesOf(value: unknown): AsyncGenerator<string, void, void> {
  if (isPages(value)) {
    yield "[";
    let separator = "";
    for await (const page of value) {
      if (page.length > 0) {
        yield separator + page.map((item) => JSON.stringify(item)).join(",");
        separator = ",";
      }
    }
    yield "]";
  } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    yield "{";
    let separator = "";
    for (const [name, member] of Object.entries(value)) {
      yield `${separator}${JSON.stringify(name)}:`;
      yield* piecesOf(member);
      separator = ",";
    }
    yield "}";
  } else {
    yield JSON.stringify(value);
  }
}

function isPages(value: unknown): value is Pages<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
