// Which rows of a list are chosen, and at which one the keyboard stands.

export class Selection {
  /** Row numbers. */
  rows = $state.raw<ReadonlySet<number>>(new Set());
  /** The row that has the keyboard. */
  active = $state(0);
  #anchor = 0;

  has(row: number): boolean {
    return this.rows.has(row);
  }

  get sorted(): number[] {
    return [...this.rows].sort((a, b) => a - b);
  }

  /** Only this one. */
  only(row: number): void {
    this.#anchor = row;
    this.active = row;
    this.rows = new Set([row]);
  }

  toggle(row: number): void {
    const rows = new Set(this.rows);
    if (!rows.delete(row)) rows.add(row);
    this.rows = rows;
    this.#anchor = row;
    this.active = row;
  }

  /** All between where choosing began and this one. */
  reach(row: number): void {
    this.active = row;
    this.rows = between(this.#anchor, row);
  }

  /** The keyboard goes there; with `extend` what lies between is chosen. */
  move(row: number, extend: boolean): void {
    if (extend) {
      if (this.rows.size === 0) this.#anchor = this.active;
      this.reach(row);
    } else {
      this.active = row;
      this.#anchor = row;
      if (this.rows.size > 0) this.rows = new Set();
    }
  }

  all(total: number): void {
    this.rows = between(0, total - 1);
  }

  clear(): void {
    if (this.rows.size > 0) this.rows = new Set();
  }

  /** What an act on a row is meant for: the chosen rows when it is one of them, else the row alone. */
  meant(row: number): number[] {
    return this.has(row) ? this.sorted : [row];
  }
}

function between(a: number, b: number): Set<number> {
  const rows = new Set<number>();
  for (let row = Math.min(a, b); row <= Math.max(a, b); row += 1) rows.add(row);
  return rows;
}

/** Rows that follow each other, as first row and count. */
export function runs(rows: readonly number[]): { from: number; count: number }[] {
  const found: { from: number; count: number }[] = [];
  for (const row of rows) {
    const last = found.at(-1);
    if (last && last.from + last.count === row) last.count += 1;
    else found.push({ from: row, count: 1 });
  }
  return found;
}
