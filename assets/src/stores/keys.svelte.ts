// The keyboard: which keys do what, as the listener has them, and doing it.
import { t } from "@/i18n/index.svelte";
import { router, to } from "@/lib/router.svelte";
import { commandOf, HELD, nameOf, rebound, USUAL, type Command, type Keys } from "@/lib/keys";
import { marks } from "./marks.svelte";
import { player } from "./player.svelte";
import { queue, type Repeat } from "./queue.svelte";
import { solo } from "./solo.svelte";
import { ui, type Panel } from "./ui.svelte";

const STORED = "hexachord.keys";
const SKIP_S = 10;
const LOUDER = 0.05;
const SEQUENCE_MS = 1_200;
const REPEATS: Record<Repeat, Repeat> = { off: "all", all: "one", one: "off" };

class Keyboard {
  keys = $state.raw<Keys>(USUAL);
  /** Single keys may be in the way of speech input: they can be turned off. */
  enabled = $state(true);
  #before: string | null = null;
  #at = 0;

  constructor() {
    try {
      const stored = JSON.parse(localStorage.getItem(STORED) ?? "{}") as { keys?: Partial<Keys>; enabled?: boolean };
      this.keys = { ...USUAL, ...stored.keys };
      this.enabled = stored.enabled !== false;
    } catch {
      // The usual keys do.
    }
  }

  #keep(): void {
    localStorage.setItem(STORED, JSON.stringify({ keys: this.keys, enabled: this.enabled }));
  }

  bind(command: Command, press: string): void {
    this.keys = rebound(this.keys, command, press);
    this.#keep();
  }

  reset(): void {
    this.keys = USUAL;
    this.#keep();
  }

  enable(enabled: boolean): void {
    this.enabled = enabled;
    this.#keep();
  }

  press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || isTaken(event)) return;
    const name = nameOf(event);
    if (name === "Ctrl+z" && !event.repeat && undoLast()) return event.preventDefault();
    if (!name || (!this.enabled && !name.startsWith("Ctrl+"))) return;
    const before = performance.now() - this.#at < SEQUENCE_MS ? this.#before : null;
    const command = commandOf(this.keys, name, before);
    [this.#before, this.#at] = command === "waits" ? [name, performance.now()] : [null, 0];
    // On some layouts a sign that does something is Shift and a digit: then it does that.
    if (!command) return this.#rates(event) ? event.preventDefault() : undefined;
    if (command === "waits") return;
    event.preventDefault();
    if (!event.repeat || HELD.has(command)) run(command);
  }

  /** Shift and a digit, wherever the layout has its signs. */
  #rates({ code, shiftKey, ctrlKey, metaKey, altKey, repeat }: KeyboardEvent): boolean {
    const digit = /^Digit([0-5])$/.exec(code)?.[1];
    if (!digit || !shiftKey || ctrlKey || metaKey || altKey || !player.track) return false;
    if (!repeat) void marks.rate(player.track.id, Number(digit));
    return true;
  }
}

/** Does the press belong to what has the focus? */
function isTaken({ key, target }: KeyboardEvent): boolean {
  const at = target instanceof Element ? target : null;
  if (at?.closest("input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=menu], [role=menuitem], [role=listbox]")) return true;
  if (document.querySelector("dialog[open]")) return true;
  if ((key === " " || key === "Enter") && at?.closest("a, button, summary, input, [role=button], [role=switch], [role=tab], [role=grid]")) return true;
  return key.startsWith("Arrow") && at?.closest("[role=slider], [role=grid], [role=tablist], [role=radiogroup], input, [data-arrows]") !== null && at !== null;
}

/** Undoes what was told last, if it can be. */
function undoLast(): boolean {
  const notice = ui.notices.findLast(({ action }) => action?.label === t("undo"));
  if (!notice) return false;
  ui.dismiss(notice.id);
  void notice.action?.run();
  return true;
}

function panel(which: Exclude<Panel, null>): void {
  ui.toggle(which);
}

function toSearch(): void {
  router.go("/search");
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLElement>("main input[type=search]")?.focus()));
}

const COMMANDS: Record<Command, () => void> = {
  play: () => (solo.piece ? solo.toggle() : player.toggle()),
  back: () => player.seek(player.now() - SKIP_S),
  forward: () => player.seek(player.now() + SKIP_S),
  previous: () => player.previous(),
  next: () => player.next(),
  softer: () => player.setVolume(player.volume - LOUDER),
  louder: () => player.setVolume(player.volume + LOUDER),
  mute: () => player.mute(),
  favourite: () => player.track && void marks.favour(player.track.id),
  shuffle: () => queue.shuffle(),
  repeat: () => queue.setRepeat(REPEATS[queue.repeat]),
  queue: () => panel("queue"),
  lyrics: () => panel("lyrics"),
  track: () => player.track && router.go(to.album(player.track.album.id)),
  search: toSearch,
  help: () => (ui.help = !ui.help),
  home: () => router.go("/"),
  albums: () => router.go("/albums"),
  artists: () => router.go("/artists"),
  tracks: () => router.go("/tracks"),
  playlists: () => router.go("/playlists"),
};

const run = (command: Command) => COMMANDS[command]();

export const keyboard = new Keyboard();
