// Elements are made once and show one row after the other: making them anew while one scrolls would cost frames.

export interface Slotted {
  row: number;
  /** The element that shows it. */
  slot: number;
}

/** Gives each row that is shown an element; whoever leaves makes room for whoever comes. */
export class Slots {
  /** As they stand in the document. */
  #now: Slotted[] = [];
  #made = 0;

  /**
   * The rows from `from` to `to` (not included), in order. `kept` is a row that must not move in the document, for example
   * because it has the focus: once shown it stays, wherever it is, and keeps its place between its neighbours.
   */
  place(from: number, to: number, kept: number | null = null): Slotted[] {
    const stays = ({ row }: Slotted) => (row >= from && row < to) || row === kept;
    const staying = this.#now.filter(stays);
    const free = this.#now.filter((each) => !stays(each)).map(({ slot }) => slot);
    const has = new Set(staying.map(({ row }) => row));
    const fresh = (row: number): Slotted => ({ row, slot: free.shift() ?? this.#made++ });
    const placed: Slotted[] = [];
    // New rows come before or after those that stay, so that few elements move.
    const inside = staying.filter(({ row }) => row >= from && row < to);
    if (inside.length === 0) return (this.#now = this.#anew(from, to, staying[0] ?? null, fresh));
    const first = Math.min(...inside.map(({ row }) => row));
    for (let row = from; row < first; row += 1) placed.push(fresh(row));
    placed.push(...staying);
    for (let row = first; row < to; row += 1) if (!has.has(row)) placed.push(fresh(row));
    this.#now = placed;
    return placed;
  }

  /** All rows are others: they come in order around the kept one, which stands where it stood. */
  #anew(from: number, to: number, kept: Slotted | null, fresh: (row: number) => Slotted): Slotted[] {
    const placed: Slotted[] = [];
    for (let row = from; row < to; row += 1) placed.push(fresh(row));
    const stood = this.#now.findIndex((each) => each === kept);
    if (kept) placed.splice(stood, 0, kept);
    return placed;
  }
}
