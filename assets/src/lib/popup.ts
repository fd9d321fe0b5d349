// Menus and dialogs that are opened by a call: where the pointer is, or by something that does not draw.
import { mount, unmount, type Component } from "svelte";
import Menu, { type Action, type Place } from "@/parts/Menu.svelte";

/** Opens a menu at an element or at a point; afterwards the focus is where it was. */
export function showMenu(at: Place, label: string, actions: () => Action[]): void {
  const before = document.activeElement;
  const onclosed = () => {
    void unmount(menu);
    if (document.activeElement === document.body && before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  const menu = mount(Menu, { target: document.body, props: { label, actions, at, onclosed } });
}

/** Shows a dialog component; it calls `onclose` when it is done. */
export async function showDialog<P extends { onclose: () => void }>(load: () => Promise<{ default: Component<P> }>, props: Omit<P, "onclose">): Promise<void> {
  const before = document.activeElement;
  const { default: Dialog } = await load();
  const onclose = () => {
    void unmount(dialog);
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
  const dialog = mount(Dialog, { target: document.body, props: { ...props, onclose } as P });
}
