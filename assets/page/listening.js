// What is for this listener: recommendations with their reasons, similar tracks, favourites.

import { api } from "./api.js";
import { h } from "./dom.js";
import { albumCard, artistCard, empty, endless, heading, pages, playAll, row, shelf, trackList } from "./rows.js";
import { noMusic } from "./views.js";

/** Tracks with what spoke for them. */
function reasoned(items, source) {
  return trackList(items.map((item) => item.track), source, (i) => ({ note: items[i].reason.text }));
}

export async function forYou({ signal, me, reload }) {
  const { items } = await api("/recommendations?limit=30", { signal });
  if (!items.length) return h("section", null, heading("For you"), noMusic(me));
  const [list, shown] = reasoned(items, "for-you");
  return h("section", null, heading("For you",
    h("div", { class: "does" }, playAll(shown, "Play all"), h("button", { click: reload }, "Refresh"))), list);
}

export async function similar({ id, signal }) {
  const path = `/tracks/${encodeURIComponent(id)}`;
  const [track, { items }] = await Promise.all([api(path, { signal }), api(`${path}/similar?limit=30`, { signal })]);
  const title = `Like “${track.title}”`;
  if (!items.length) return h("section", null, heading(title), empty("Nothing similar was found."));
  const [list, shown] = reasoned(items, "similar");
  return h("section", null, heading(title, h("div", { class: "does" }, playAll(shown, "Play all"))), list);
}

/** Favourites of one kind; those that are gone meanwhile are left out. */
const loved = (kind) => pages("/me/favourites", [["kind", kind]], (page) =>
  ({ ...page, items: page.items.map((item) => item[kind]).filter(Boolean) }));

export async function favourites({ signal }) {
  const list = h("ol", { class: "tracks" });
  const all = (kind) => api(`/me/favourites?kind=${kind}&limit=500`, { signal }).then((page) => page.items.map((item) => item[kind]).filter(Boolean));
  const [albums, artists, tracks] = await Promise.all([all("album"), all("artist"), endless(list, loved("track"), row, signal, "favourites")]);
  if (!albums.length && !artists.length && !tracks.items.length) {
    return h("section", null, heading("Favourites"), empty("Nothing yet: press the heart of a track, an album or an artist."));
  }
  return h("section", null, heading("Favourites", h("div", { class: "does" }, playAll(tracks, "Play all"))),
    tracks.items.length > 0 && [list, tracks.end], shelf("Albums", albums.map(albumCard)), shelf("Artists", artists.map(artistCard)));
}
