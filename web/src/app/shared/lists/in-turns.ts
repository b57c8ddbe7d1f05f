/** Many requests, a few at a time: one after the other is slow, all at once would hold up everybody else. */
const AT_ONCE = 4;

/** Runs `work` for each item. It begins no further one once `goes` says no, and fails with the first failure. */
export async function inTurns<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  goes: () => boolean = () => true,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined && goes(); item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
