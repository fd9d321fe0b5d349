// Messages of the house, put together from what is told at different times.

/** The newest first, each once. */
export function merged<T extends { number: number }>(fresh: readonly T[], known: readonly T[]): T[] {
  const byNumber = new Map([...known, ...fresh].map((message) => [message.number, message]));
  return [...byNumber.values()].sort((one, other) => other.number - one.number);
}
