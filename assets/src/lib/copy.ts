<<<<<<< HEAD
// Puts a text where it can be pasted from. Without HTTPS browsers offer no clipboard: then by the old way, with a selection.
=======
// Copying text, also where browsers give the clipboard to pages with HTTPS alone.
>>>>>>> pl-browse

/** Was it copied? */
export async function copyText(text: string): Promise<boolean> {
  try {
<<<<<<< HEAD
    if (!navigator.clipboard) return copyBySelection(text);
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  field.readOnly = true;
  const before = document.activeElement;
  // A dialog that is open keeps the focus inside it.
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
=======
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    // Inside an open dialog, since everything else cannot take the focus.
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    const before = document.activeElement;
    area.select();
    document.execCommand("copy");
    area.remove();
    if (before instanceof HTMLElement) before.focus();
  }
}
>>>>>>> pl-browse
