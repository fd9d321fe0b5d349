// Which lines of a long list are in sight, so that only these are drawn. Lines have one height; the list scrolls with
// the page's `main`. Nothing is measured while the page is being changed: the browser would have to lay it out twice.

/** Pixels that are taken to be in sight until that is measured. */
const FIRST = 600;
/** Pixels that a list is taken to be away until that is measured, where many follow each other. */
const FAR = 1e6;
/** Scrolling is fast when this part of what is seen at once goes by between two frames, and until it has been slow so long. */
const FAST = 1 / 10;
const CALM_MS = 120;
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

export class Sight {
  from = $state(0);
  to = $state(0);
  /** Lines go by faster than one can see what they show: pictures need not be fetched for them. */
  fast = $state(false);
  #calm: ReturnType<typeof setTimeout> | undefined;
  #scroller: HTMLElement | null = null;
  #list: HTMLElement | null = null;
  /** As last measured: where the list begins, seen from the top of what scrolls, and how much of it is seen at once. */
  #top = 0;
  #space = FIRST;

  constructor(
    readonly total: () => number,
    /** Pixels of a line. */
    readonly height: () => number,
    /** Is it drawn as a whole, wherever it is? */
    readonly isWhole: () => boolean = () => false,
    /** Is it one of many, most of which are far away? */
    readonly isOneOfMany: () => boolean = () => false,
  ) {}

  /** Watches a list for as long as it is there: `{@attach sight.watch}`. */
  watch = (list: HTMLElement): (() => void) => {
    const scroller = list.closest("main") ?? document.documentElement;
    this.#list = list;
    this.#scroller = scroller;
    if (this.isOneOfMany()) this.#top = FAR;
    const look = () => this.look();
    const scrolled = () => this.#scrolled();
    // It is told of each at first too, when the page is laid out.
    const sizes = new ResizeObserver(look);
    // What stands above may grow: then what is around grows too, except for what scrolls, so its children are watched.
    sizes.observe(scroller);
    for (let at = list; at !== scroller && at.parentElement; at = at.parentElement) {
      sizes.observe(at);
      if (at.parentElement === scroller) for (const beside of scroller.children) sizes.observe(beside);
    }
    const target = scroller === document.documentElement ? document : scroller;
    target.addEventListener("scroll", scrolled, { passive: true });
    $effect(() => {
      this.#place();
      const frame = requestAnimationFrame(look);
      return () => cancelAnimationFrame(frame);
    });
    return () => {
      sizes.disconnect();
      target.removeEventListener("scroll", scrolled);
      clearTimeout(this.#calm);
    };
  };

  /** Lines that fit at once. */
  get page(): number {
    return Math.max(1, Math.floor((this.#scroller?.clientHeight ?? 0) / this.height()) - 2);
  }

  #scrolled(): void {
    const before = this.#top;
    this.look();
    if (Math.abs(this.#top - before) < this.#space * FAST) return;
    this.fast = true;
    clearTimeout(this.#calm);
    this.#calm = setTimeout(() => (this.fast = false), CALM_MS);
  }

  look(): void {
    const [list, scroller] = [this.#list, this.#scroller];
    if (!list || !scroller) return;
    this.#top = this.#offset(list, scroller);
    this.#space = scroller.clientHeight;
    this.#place();
  }

  #place(): void {
    const [top, total] = [this.#top, this.total()];
    const { from, to } = this.isWhole() ? { from: 0, to: total } : linesBetween(-top, this.#space - top, this.height(), total);
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
