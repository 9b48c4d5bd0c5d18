/** One value shared by several components. No persistence, no I/O. */

import { useEffect, useState } from "preact/hooks";

export interface Store<Value> {
  get: () => Value;
  set: (value: Value) => void;
  /** The value; the component renders again when it changes. */
  use: () => Value;
}

/** A store holding `initial` until somebody sets another value. */
export function createStore<Value>(initial: Value): Store<Value> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    use() {
      const [, render] = useState(0);
      const seen = value;
      useEffect(() => {
        const listener = (): void => render((count) => count + 1);
        listeners.add(listener);
        // It may have changed between the first render and this subscription.
        if (seen !== value) listener();
        return () => void listeners.delete(listener);
      }, []);
      return value;
    },
  };
}
