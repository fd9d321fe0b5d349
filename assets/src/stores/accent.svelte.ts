// The page's accent: lent by the album or artist that is shown, else by what plays, else the one that was chosen.
import { SvelteMap } from "svelte/reactivity";
import { accentOf } from "@/lib/accent";
import { ui } from "./ui.svelte";

const shown = new SvelteMap<object, string>();
const behind = new SvelteMap<object, string>();

/**
 * Lends the page the colour of a cover while the component lives: `useAccent(() => album?.cover?.colour)`. What plays lends
 * from behind: it counts where no view does. Of several views the last one counts.
 */
export function useAccent(colour: () => string | null | undefined, { fromBehind = false } = {}): void {
  const given = $derived(colour());
  const lenders = fromBehind ? behind : shown;
  $effect(() => {
    if (!given) return;
    const me = {};
    lenders.set(me, given);
    return () => lenders.delete(me);
  });
}

/** The colour that the accent is made from now; `null`: the theme's own accent stands. */
export function accentColour(): string | null {
  const lent = [...shown.values()].at(-1) ?? [...behind.values()].at(-1);
  return (ui.accentFromCovers && lent) || ui.accentColour;
}

/** Keeps the document's accent right; called once, by the page. */
export function paintAccent(): void {
  $effect(() => {
    const colour = accentColour();
    const made = colour ? accentOf(colour, ui.isLight ? "light" : "dark") : null;
    const { style } = document.documentElement;
    for (const [name, value] of [["--accent", made?.accent], ["--on-accent", made?.onAccent]] as const) {
      if (value) style.setProperty(name, value);
      else style.removeProperty(name);
    }
  });
}
