// How cards are laid out in a grid.

/** As many columns as have room for a card, at least two; and how wide each is then. */
export function layOut(width: number, card: number, gap: number): { columns: number; side: number } {
  const columns = Math.max(2, Math.floor((width + gap) / (card + gap)));
  return { columns, side: Math.max(1, (width - gap * (columns - 1)) / columns) };
}

/** To which card a key leads; `null` when it leads nowhere. */
export function cardAfter(key: string, at: number, columns: number, total: number): number | null {
  const steps: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns, Home: 0, End: total - 1 };
  const wanted = steps[key];
  if (wanted === undefined) return null;
  // The last line may be short: down from above its gap leads to its last card.
  if (key === "ArrowDown" && wanted >= total && Math.floor(at / columns) < Math.floor((total - 1) / columns)) return total - 1;
  return wanted < 0 || wanted >= total ? at : wanted;
}
