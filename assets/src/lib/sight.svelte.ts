// Which lines of a long list are in sight, so that only these are drawn. Lines have one height; the list scrolls with
// whatever scrolls around it (the page's `main`, a panel).

/** Lines drawn beyond each edge, so that scrolling meets them ready. */
const BEYOND = 6;

/** The lines between two distances from the list's start, `to` not included; moves in steps, so that it changes seldom. */
export function linesBetween(top: number, bottom: number, height: number, total: number): { from: number; to: number } {
  if (height <= 0 || total <= 0 || bottom < -BEYOND * height) return { from: 0, to: Math.min(total, 1) };
  const step = (line: number) => Math.floor(line / BEYOND) * BEYOND;
  const from = Math.max(0, step(top / height - BEYOND));
  const to = Math.min(total, step(bottom / height + BEYOND) + BEYOND);
  return { from: Math.min(from, Math.max(0, total - 1)), to: Math.max(to, Math.min(total, from + 1)) };
}

export function scrollerOf(element: Element): HTMLElement {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return document.documentElement;
}

export class Sight {
  from = $state(0);
  to = $state(0);
  #scroller: HTMLElement | null = null;
  #list: HTMLElement | null = null;

  constructor(
    readonly total: () => number,
    /** Pixels of a line. */
    readonly height: () => number,
  ) {}

  /** Watches a list for as long as it is there: `{@attach sight.watch}`. */
  watch = (list: HTMLElement): (() => void) => {
    const scroller = scrollerOf(list);
    this.#list = list;
    this.#scroller = scroller;
    const look = () => this.look();
    const sizes = new ResizeObserver(look);
    // What stands above may grow: then what is around grows too, except for what scrolls, so its children are watched.
    sizes.observe(scroller);
    for (let at = list; at !== scroller && at.parentElement; at = at.parentElement) {
      sizes.observe(at);
      if (at.parentElement === scroller) for (const beside of scroller.children) sizes.observe(beside);
    }
    const target = scroller === document.documentElement ? document : scroller;
    target.addEventListener("scroll", look, { passive: true });
    $effect(look);
    return () => {
      sizes.disconnect();
      target.removeEventListener("scroll", look);
    };
  };

  /** Lines that fit at once. */
  get page(): number {
    return Math.max(1, Math.floor((this.#scroller?.clientHeight ?? 0) / this.height()) - 2);
  }

  look(): void {
    const [list, scroller] = [this.#list, this.#scroller];
    if (!list || !scroller) return;
    const top = this.#offset(list, scroller);
    const { from, to } = linesBetween(-top, scroller.clientHeight - top, this.height(), this.total());
    this.from = from;
    this.to = to;
  }

  /** Where the list begins, seen from the top of what scrolls. */
  #offset(list: HTMLElement, scroller: HTMLElement): number {
    const above = scroller === document.documentElement ? 0 : scroller.getBoundingClientRect().top;
    return list.getBoundingClientRect().top - above;
  }

  /** Scrolls just so far that a line is in sight, below what sticks to the top. */
  reveal(line: number, sticky = 0): void {
    const [list, scroller] = [this.#list, this.#scroller];
    if (!list || !scroller) return;
    const top = this.#offset(list, scroller) + line * this.height();
    const bottom = top + this.height() - scroller.clientHeight;
    if (top < sticky) scroller.scrollTop += top - sticky;
    else if (bottom > 0) scroller.scrollTop += bottom;
    this.look();
  }

  /** Scrolls so that a line is the first in sight, a little below the top. */
  begin(line: number, below = 16): void {
    const [list, scroller] = [this.#list, this.#scroller];
    if (!list || !scroller) return;
    if (line <= 0) scroller.scrollTop = 0;
    else scroller.scrollTop += this.#offset(list, scroller) + line * this.height() - below;
    this.look();
  }
}
