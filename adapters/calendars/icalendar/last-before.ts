/** Finding a place in a list that is sorted by time. */

/** The last item at `time` or before it, undefined where all are later. `timeOf` must not fall along the list. */
export function lastBefore<Item>(
  items: readonly Item[],
  time: number,
  timeOf: (item: Item) => number,
): Item | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(items[middle]!) <= time) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
}
