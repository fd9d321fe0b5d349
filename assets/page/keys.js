// Apps and their keys: one made in a step, those that there are, each revoked alone.

import { api } from "./api.js";
import { answers } from "./copy.js";
import { h, say } from "./dom.js";
import { form } from "./form.js";

const APPS = [
  "Amperfy", "DSub", "Feishin", "Nautiline", "play:Sub", "Sonixd", "Strawberry", "Submariner", "Substreamer", "Supersonic", "Symfonium",
  "Tempus", "Ultrasonic",
];

export const when = (text) => (text ? new Date(text).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : "never");

/** One key or session with a button that ends it. */
export function entry(path, title, detail, action, after) {
  const click = async (event) => {
    event.target.disabled = true;
    await api(path, { method: "DELETE", patient: true }).then(after, (problem) => {
      event.target.disabled = false;
      say(problem.message);
    });
  };
  return h("li", null, h("div", null, h("b", { dir: "auto" }, title), h("small", null, detail)), h("button", { click }, action));
}

/** The server draws it; only its shapes are taken. */
function picture(svg) {
  const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const shown = document.importNode(drawn, true);
  shown.setAttribute("class", "qr");
  shown.setAttribute("role", "img");
  shown.setAttribute("aria-label", "QR code of the key");
  return shown;
}

export async function keys({ signal }) {
  const known = await api("/me/device-keys", { signal });
  const row = (key) => {
    // Alone, so that a new key stays in sight.
    const gone = () => {
      item.remove();
      none.hidden = list.children.length > 0;
    };
    const item = entry(`/me/device-keys/${encodeURIComponent(key.id)}`, key.label,
      `Made ${when(key.created_at)} · last used: ${when(key.last_used_at)}`, "Revoke", gone);
    return item;
  };
  const list = h("ul", { class: "entries" }, known.items.map(row));
  const none = h("p", { class: "muted" }, "There is none yet.");
  none.hidden = known.items.length > 0;
  const shown = h("div", { class: "secret made", role: "status" });
  const made = (key) => {
    list.prepend(row(key));
    none.hidden = true;
    shown.replaceChildren(
      h("div", null, h("h2", null, "For ", h("b", { dir: "auto" }, key.label)), answers(key.address, key.username, key.secret),
        h("p", null, "Copy the key now: it is not shown again.")),
      key.qr && h("figure", null, picture(key.qr),
        h("figcaption", null, "For another device: scan it with the camera, and a page opens with these three to copy. The key is in it, so let nobody else scan it.")));
    shown.scrollIntoView({ block: "nearest" });
  };
  const field = { name: "label", label: "App or device", placeholder: "Symfonium", list: "apps", maxlength: 64, autocomplete: "off" };
  return h("section", { class: "account keys" }, h("h1", { tabindex: -1 }, "Apps"),
    h("p", { class: "muted" }, "Any app that speaks Subsonic or OpenSubsonic plays from here. Each gets a key of its own instead of your password; a lost phone's key is revoked alone."),
    form([field], "Make a key", "/me/device-keys", made), h("datalist", { id: "apps" }, APPS.map((value) => h("option", { value }))), shown,
    h("h2", null, "Keys"), none, list);
}
