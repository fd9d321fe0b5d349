// Search, as one types: the box in the header, and what was found.

import { api } from "./api.js";
import { $, count, h } from "./dom.js";
import { playlistCard } from "./playlists.js";
import { albumCard, artistCard, empty, heading, shelf, trackList } from "./rows.js";

const PAUSE_MS = 80;
const KINDS = ["artists", "albums", "tracks", "playlists"];
/** The timer of what was typed last. */
let waiting = 0;

export async function search({ query, signal, me }) {
  const q = (query.get("q") ?? "").trim();
  if (!q) return h("section", null, heading("Search"), empty("Type the name of an artist, an album, a track or a playlist."));
  const found = await api(`/search?${new URLSearchParams({ q, limit: 20 })}`, { signal }).catch((problem) => {
    // A field that is typed half is no failure.
    if (problem.status !== 400) throw problem;
    return { reason: problem.message };
  });
  if (found.reason) return h("section", null, heading("Search"), empty(found.reason));
  const total = KINDS.reduce((sum, kind) => sum + found[kind].length, 0);
  $("found").textContent = total ? `${count(total, "result")} for ${q}` : `Nothing fits ${q}`;
  if (!total) return h("section", null, heading("Search"), empty(`Nothing fits “${q}”.`));
  for (const item of KINDS.flatMap((kind) => found[kind])) {
    const parts = found.marked[item.id]?.name;
    if (parts) item.shown = () => parts.map(({ text, matched }) => (matched ? h("mark", null, text) : text));
  }
  return h("section", { class: "found" }, heading(`“${q}”`),
    shelf("Artists", found.artists.map(artistCard)),
    shelf("Albums", found.albums.map(albumCard)),
    found.tracks.length > 0 && [h("h2", null, "Tracks"), trackList(found.tracks, "search")[0]],
    found.playlists.length > 0 && [h("h2", null, "Playlists"), h("ul", { class: "genres" }, found.playlists.map((each) => playlistCard(each, me)))]);
}

/** The box tells `look` what is typed, and `leave` that it was given up. */
export function wire(look, leave) {
  const box = $("search");
  const still = () => {
    clearTimeout(waiting);
    waiting = 0;
  };
  const now = () => {
    still();
    look(box.value);
  };
  box.addEventListener("input", () => {
    still();
    waiting = setTimeout(now, PAUSE_MS);
  });
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    now();
    box.blur();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    still();
    if (!box.value) box.blur();
    box.value = "";
    leave();
  });
}

/** The box says what the address says, unless somebody types in it. */
export function follow(name, query) {
  const [box, isSearch] = [$("search"), name === "search"];
  if (!waiting && !(isSearch && document.activeElement === box)) box.value = isSearch ? (query.get("q") ?? "") : "";
  if (!isSearch) $("found").textContent = "";
}
