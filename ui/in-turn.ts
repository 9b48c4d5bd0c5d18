/** One thing after the other: each begins when the one before it has ended. Keeps nothing. */

/** Runs what it is given in the order it is given, never two at once. What is given must not throw. */
export function inTurn(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = last.then(task);
    last = mine;
    return mine;
  };
}
