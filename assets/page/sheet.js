// What else can be done with tracks: find similar ones, put them into a playlist.

import { api, here } from "./api.js";
import { $, count, h, icon, say } from "./dom.js";
import { form } from "./form.js";

const close = () => $("sheet").close();
$("sheet").addEventListener("click", (event) => event.target === $("sheet") && close());

/** The playlists that one may change, the latest first. */
async function own() {
  const { items } = await api("/playlists?sort=-changed&limit=500", { patient: false });
  return items.filter((playlist) => playlist.owner === here.me.id);
}

/** Opens for `tracks` under a title; `also` are more things to do: words and what happens. */
async function open(title, tracks, also) {
  const track_ids = tracks.map((track) => track.id);
  const added = (playlist) => {
    close();
    say(`${count(tracks.length, "track")} added to “${playlist.name}”.`);
  };
  const failed = (problem) => {
    close();
    say(problem.message);
  };
  const choice = (playlist) => {
    const path = `/playlists/${encodeURIComponent(playlist.id)}/tracks`;
    const click = () => api(path, { method: "POST", body: { track_ids } }).then(added, failed);
    return h("button", { click }, h("span", { dir: "auto" }, playlist.name), h("small", null, count(playlist.track_count, "track")));
  };
  const lists = h("div", { class: "choices", "aria-busy": "true" });
  const similar = tracks.length === 1 && h("a", { href: `#/similar/${encodeURIComponent(tracks[0].id)}`, click: close }, "Similar tracks");
  const others = Object.entries(also).map(([words, act]) => h("button", { click: () => [close(), act()] }, words));
  const fresh = form([{ name: "name", label: "New playlist", maxlength: 200, autocomplete: "off" }], "Make", "/playlists", added, { track_ids });
  $("sheet").replaceChildren(
    h("h2", { id: "sheet-title", dir: "auto" }, title), h("div", { class: "choices" }, similar || "", others),
    h("h3", null, "Add to a playlist"), lists, fresh,
    h("button", { class: "close", "aria-label": "Close", click: close }, icon("close")));
  $("sheet").showModal();
  lists.append(...await own().then((all) => all.map(choice), (problem) => [h("p", { class: "alert" }, problem.message)]));
  lists.removeAttribute("aria-busy");
}

/** The button that opens it. */
export const dots = (title, tracks, also = {}) =>
  h("button", { class: "dots", "aria-label": `More for ${title}`, "aria-haspopup": "dialog", click: () => open(title, tracks, also) }, icon("more"));
