/** Code that a page needs only sometimes, fetched when it does. */

import { useEffect, useState } from "preact/hooks";

interface Chunk<Part> {
  readonly part?: Part;
  readonly hasFailed: boolean;
}

/** `load` imports the code once `isWanted`; it must be the same at every rendering. */
export function useChunk<Part>(load: () => Promise<Part>, isWanted: boolean): Chunk<Part> {
  // In an object: a component is a function, which a setter of state would call.
  const [chunk, setChunk] = useState<Chunk<Part>>({ hasFailed: false });
  useEffect(() => {
    if (!isWanted || chunk.part !== undefined) return;
    load().then(
      (part) => setChunk({ part, hasFailed: false }),
      () => setChunk({ hasFailed: true }),
    );
  }, [isWanted]);
  return chunk;
}
