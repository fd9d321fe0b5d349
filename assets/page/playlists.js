// Playlists: one's own and the public ones of others, and what is in one.

import { api } from "./api.js";
import { count, h, say, time } from "./dom.js";
import { form } from "./form.js";
import { empty, endless, heading, nameOf, pages, playAll, row } from "./rows.js";

const PATH = (id) => `/playlists/${encodeURIComponent(id)}`;

/** A line that leads to a playlist. */
export const playlistCard = (playlist, me) => h("li", null,
  h("a", { href: `#/playlist/${encodeURIComponent(playlist.id)}`, dir: "auto" }, h("b", null, nameOf(playlist)),
    h("small", null, [count(playlist.track_count, "track"), time(playlist.duration_ms), playlist.owner !== me.id && `by ${playlist.owner_name}`]
      .filter(Boolean).join(" · "))));

export async function playlists({ query, signal, me }) {
  query.set("sort", "-changed");
  const list = h("ul", { class: "genres" });
  const shown = await endless(list, pages("/playlists", query), (playlist) => playlistCard(playlist, me), signal);
  const made = (playlist) => (location.hash = `#/playlist/${encodeURIComponent(playlist.id)}`);
  return h("section", { class: "playlists" }, heading("Playlists"),
    shown.items.length ? [list, shown.end] : empty("No playlists yet: make one here, or from the dots beside a track."),
    form([{ name: "name", label: "New playlist", maxlength: 200, autocomplete: "off" }], "Make", "/playlists", made));
}

export async function playlist({ id, signal, me, reload }) {
  const path = PATH(id);
  let found;
  const pick = (answer) => {
    found ??= answer;
    const items = answer.tracks.items.filter((entry) => entry.track).map((entry) => ({ ...entry.track, place: entry.position }));
    return { items, next_cursor: answer.tracks.next_cursor };
  };
  const remove = (track) => async () => {
    const body = { positions: [track.place], revision: found.revision };
    await api(`${path}/tracks`, { method: "DELETE", body }).catch((problem) => say(problem.message));
    reload();
  };
  const draw = (track, i, shown) =>
    row(track, i, shown, { also: found.owner === me.id ? { "Remove from this playlist": remove(track) } : {} });
  const list = h("ol", { class: "tracks" });
  const shown = await endless(list, pages(path, [], pick), draw, signal, `playlist:${id}`);
  const drop = () => confirm(`Delete “${found.name}”?`) &&
    api(path, { method: "DELETE" }).then(() => location.replace("#/playlists"), (problem) => say(problem.message));
  const facts = [count(found.track_count, "track"), time(found.duration_ms), found.owner !== me.id && `by ${found.owner_name}`];
  return h("section", null,
    heading(found.name, h("div", { class: "does" }, playAll(shown, "Play"), found.owner === me.id && h("button", { click: drop }, "Delete"))),
    h("p", { class: "muted" }, facts.filter(Boolean).join(" · ")), found.description && h("p", { dir: "auto" }, found.description),
    shown.items.length ? [list, shown.end] : empty("Nothing in here yet: add tracks from the dots beside them."));
}
