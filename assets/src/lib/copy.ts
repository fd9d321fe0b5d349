// Puts a text where it can be pasted from. Without TLS browsers offer no clipboard: then by the old way, with a selection.
import { t } from "@/i18n/index.svelte";
import { ui } from "@/stores/ui.svelte";

export async function copyText(text: string): Promise<void> {
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else if (!copyBySelection(text)) throw new Error();
    ui.say(t("copied"));
  } catch {
    ui.say(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  field.readOnly = true;
  const before = document.activeElement;
  // A dialog that is open keeps the focus inside it.
  (before?.closest("dialog") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
