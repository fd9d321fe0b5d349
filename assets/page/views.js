// The library: albums, artists, tracks, genres, one album, one artist.

import { api } from "./api.js";
import { artistLinks, count, cover, h, time } from "./dom.js";
import { heart } from "./hearts.js";
import { albumCard, artistCard, empty, endless, grid, heading, pages, playAll, row } from "./rows.js";
import { dots } from "./sheet.js";

const ALBUM_SORTS = { title: "Title", artist: "Artist", "-year": "Newest", "-added": "Recently added" };
const TRACK_SORTS = { title: "Title", artist: "Artist", album: "Album", "-year": "Newest", "-added": "Recently added" };

/** The choice of an order: it rewrites the address. */
function sorting(sorts, query) {
  const change = (event) => {
    query.set("sort", event.target.value);
    location.replace(`${location.hash.split("?")[0]}?${query}`);
  };
  return h("label", null, "Sort by ", h("select", { change }, Object.entries(sorts).map(([value, name]) =>
    h("option", { value, selected: value === query.get("sort") }, name))));
}

export const noMusic = (me) => empty(
  `No music yet: ${me.role === "administrator" ? "put some into the music folder and press Scan." : "an administrator has to add some first."}`);

async function list(box, title, sorts, path, draw, { query, signal, me }) {
  if (sorts && !(query.get("sort") in sorts)) query.set("sort", "title");
  const shown = await endless(box, pages(path, query), draw, signal, path.slice(1));
  return h("section", null, heading(title, sorts && sorting(sorts, query)), shown.items.length ? [box, shown.end] : noMusic(me));
}

const genreCard = (genre) => h("li", null,
  h("a", { href: `#/albums?${new URLSearchParams({ genre: genre.id, name: genre.name })}`, dir: "auto" },
    h("b", null, genre.name), h("small", null, `${count(genre.album_count, "album")}, ${count(genre.track_count, "track")}`)));

export const albums = (view) => list(grid(), view.query.get("name") ?? "Albums", ALBUM_SORTS, "/albums", albumCard, view);
export const artists = (view) => list(grid(), "Artists", null, "/artists", artistCard, view);
export const tracks = (view) => list(h("ol", { class: "tracks" }), "Tracks", TRACK_SORTS, "/tracks", row, view);
export const genres = (view) => list(h("ul", { class: "genres" }), "Genres", null, "/genres", genreCard, view);

export async function album({ id, signal }) {
  const found = await api(`/albums/${encodeURIComponent(id)}`, { signal });
  const shown = { items: found.tracks, source: "album", more: null };
  const discs = Map.groupBy(found.tracks, (track) => track.disc_number ?? 1);
  const lists = [...discs].map(([disc, part]) => [
    discs.size > 1 && h("h2", { dir: "auto" }, part[0].disc_title ? `Disc ${disc}: ${part[0].disc_title}` : `Disc ${disc}`),
    h("ol", { class: "tracks" }, part.map((track) => row(track, found.tracks.indexOf(track), () => shown, { onAlbum: true }))),
  ]);
  const facts = [found.year, ...found.genres, count(found.track_count, "track"), time(found.duration_ms)].filter(Boolean);
  return h("section", null,
    h("div", { class: "lead" }, cover("albums", found, 640), h("div", null,
      h("h1", { tabindex: -1, dir: "auto" }, found.title), h("p", null, artistLinks(found.artists)),
      h("p", { class: "muted" }, facts.join(" · ")),
      h("div", { class: "does" }, playAll(shown, "Play"), heart(found), dots(found.title, found.tracks)))),
    ...lists.flat());
}

export async function artist({ id, signal }) {
  const found = await api(`/artists/${encodeURIComponent(id)}`, { signal });
  const part = (title, items) => items.length > 0 && [h("h2", null, title), grid(items.map(albumCard))];
  return h("section", null,
    h("div", { class: "lead" }, cover("artists", found, 640), h("div", null,
      h("h1", { tabindex: -1, dir: "auto" }, found.name),
      h("p", { class: "muted" }, found.track_count ? `${count(found.track_count, "track")} · ${time(found.duration_ms)}`
        : `Took part in ${count(found.contribution_count, "track")}`),
      h("div", { class: "does" }, heart(found)))),
    ...[part("Albums", found.albums), part("Appears on", found.appears_on),
      part("Took part in", found.contributed_to)].flat().filter(Boolean));
}
