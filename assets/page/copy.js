// What an app asks for, each with a button that copies it.

import { h } from "./dom.js";

/** Over plain HTTP browsers have no clipboard for pages, but copy what is selected. */
async function copied(code) {
  if (navigator.clipboard) return navigator.clipboard.writeText(code.textContent);
  getSelection().selectAllChildren(code);
  if (!document.execCommand("copy")) throw new Error("nothing was copied");
}

function copyable(name, text) {
  const code = h("code", { dir: "ltr", translate: "no" }, text);
  const click = async (event) => {
    const button = event.target;
    button.textContent = await copied(code).then(() => "Copied", () => "Select it");
    setTimeout(() => (button.textContent = "Copy"), 2000);
  };
  return [h("dt", null, name), h("dd", null, code, h("button", { type: "button", "aria-label": `Copy: ${name}`, click }, "Copy"))];
}

export const answers = (address, user, key) => h("dl", { class: "answers" },
  copyable("Server address", address), copyable("Username", user), copyable("Password, or API key", key));
