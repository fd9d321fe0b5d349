// Menus that are opened by a call: at an element, or where the pointer is.
import { mount, unmount } from "svelte";
import Menu, { type Action, type Place } from "@/parts/Menu.svelte";

/** Opens a menu at an element or at a point; afterwards the focus is where it was. */
export function showMenu(at: Place, label: string, actions: () => Action[]): void {
  const before = document.activeElement;
  const row = before?.closest<HTMLElement>("[data-row]");
  const onclosed = () => {
    void unmount(menu);
    if (document.activeElement !== document.body || !(before instanceof HTMLElement)) return;
    (before.isConnected ? before : row)?.focus({ preventScroll: true });
  };
  const menu = mount(Menu, { target: document.body, props: { label, actions, at, onclosed } });
}
