// How the page looks and what it says in passing: theme, panels, notices, undo.

export type Theme = "system" | "dark" | "light";
export type Panel = "queue" | "lyrics" | null;

export interface Notice {
  id: number;
  text: string;
  kind: "told" | "wrong";
  /** What one may do about it: “Undo”. */
  action?: { label: string; run: () => void | Promise<void> } | undefined;
}

const THEME = "hexachord.theme";
const ACCENT = "hexachord.accent";
const SHOWN_MS = 6_000;
const UNDO_MS = 8_000;

class Ui {
  theme = $state<Theme>("system");
  /** Does the accent follow the covers? */
  accentFromCovers = $state(true);
  /** The listener's own colour, for where covers lend none; `null`: the design's. */
  accentColour = $state<string | null>(null);
  panel = $state<Panel>(null);
  notices = $state.raw<Notice[]>([]);
  help = $state(false);
  #prefersLight = $state(false);
  #last = 0;

  readonly isLight = $derived(this.theme === "light" || (this.theme === "system" && this.#prefersLight));

  start(): void {
    const stored = localStorage.getItem(THEME);
    if (stored === "dark" || stored === "light") this.theme = stored;
    this.#readAccent();
    const light = matchMedia("(prefers-color-scheme: light)");
    this.#prefersLight = light.matches;
    light.addEventListener("change", () => {
      this.#prefersLight = light.matches;
      this.#paint();
    });
    this.#paint();
  }

  choose(theme: Theme): void {
    this.theme = theme;
    if (theme === "system") localStorage.removeItem(THEME);
    else localStorage.setItem(THEME, theme);
    this.#paint();
  }

  chooseAccent({ fromCovers = this.accentFromCovers, colour = this.accentColour }: { fromCovers?: boolean; colour?: string | null }): void {
    this.accentFromCovers = fromCovers;
    this.accentColour = colour;
    if (fromCovers && colour === null) localStorage.removeItem(ACCENT);
    else localStorage.setItem(ACCENT, JSON.stringify({ fromCovers, colour }));
  }

  #readAccent(): void {
    try {
      const { fromCovers, colour } = JSON.parse(localStorage.getItem(ACCENT) ?? "{}");
      this.accentFromCovers = fromCovers !== false;
      this.accentColour = typeof colour === "string" ? colour : null;
    } catch {
      localStorage.removeItem(ACCENT);
    }
  }

  #paint(): void {
    document.documentElement.dataset.theme = this.isLight ? "light" : "dark";
  }

  toggle(panel: Exclude<Panel, null>): void {
    this.panel = this.panel === panel ? null : panel;
  }

  /** Tells something in passing; it is read out too. */
  say(text: string, { kind = "told", action }: Partial<Pick<Notice, "kind" | "action">> = {}): void {
    this.#last += 1;
    const notice: Notice = { id: this.#last, text, kind, action };
    this.notices = [...this.notices.slice(-2), notice];
    setTimeout(() => this.dismiss(notice.id), action ? UNDO_MS : SHOWN_MS);
  }

  /** Says what went wrong, in the server's words where it has any. */
  sayProblem(error: unknown): void {
    if (error instanceof DOMException && error.name === "AbortError") return;
    this.say(error instanceof Error ? error.message : String(error), { kind: "wrong" });
  }

  dismiss(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
  }
}

export const ui = new Ui();
