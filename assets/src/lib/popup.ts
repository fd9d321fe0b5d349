// Menus that are opened by a call: at an element, or where the pointer is. What draws them is loaded when one is wanted.
import { mount, unmount } from "svelte";
import type { Action, Place } from "@/parts/Menu.svelte";
import { ui } from "@/stores/ui.svelte";

interface Options {
  /** The side of the element that it begins at. */
  align?: "start" | "end";
  /** It has gone. */
  onclosed?: () => void;
}

const draw = () => import("@/parts/OpenMenu.svelte");

/** Loads what draws menus, when one is about to be opened. */
export const prepareMenu = (): void => void draw().catch(() => undefined);

/** Only the menu that was asked for last is opened. */
let asked = 0;

/** Opens a menu at an element or at a point; afterwards the focus is where it was. */
export async function showMenu(at: Place, label: string, actions: () => Action[], { align, onclosed }: Options = {}): Promise<void> {
  const isElement = at instanceof HTMLElement;
  // Some browsers do not give the focus to a button that is pressed.
  const before = document.activeElement === document.body && isElement ? at : document.activeElement;
  const row = before?.closest<HTMLElement>("[data-row]");
  const within = (isElement && at.closest("dialog")) || document.body;
  // The place as it is now: a button may be gone while its menu is open, as in rows that are pointed at no more.
  const box = isElement ? at.getBoundingClientRect() : new DOMRect(at.x, at.y, 0, 0);
  asked += 1;
  const mine = asked;
  try {
    const { default: OpenMenu } = await draw();
    if (mine !== asked) return onclosed?.();
    const items = actions();
    // A landmark of its own, and inside of a dialog that is open: nothing outside of it can be reached.
    const host = document.createElement("section");
    host.ariaLabel = label;
    within.append(host);
    const closed = () => {
      void unmount(menu);
      host.remove();
      onclosed?.();
      if (document.activeElement !== document.body || !(before instanceof HTMLElement)) return;
      (before.isConnected ? before : row)?.focus({ preventScroll: true });
    };
    const menu = mount(OpenMenu, { target: host, props: { label, actions: items, box, align: align ?? (isElement ? "end" : "start"), host, onclosed: closed } });
  } catch (error) {
    onclosed?.();
    ui.sayProblem(error);
  }
}
