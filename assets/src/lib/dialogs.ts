// Dialogs that are opened by a call, from what does not draw itself. Each is loaded when it is first shown.
import { mount, unmount, type Component } from "svelte";

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
