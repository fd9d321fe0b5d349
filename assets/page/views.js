// What there is to see: albums, artists, tracks, genres, one album, one artist.

import { api } from "./api.js";
import { artistLinks, count, cover, h, icon, link, say, time } from "./dom.js";
import { mark, play } from "./player.js";

const PAGE = 60;
const ALBUM_SORTS = { title: "Title", artist: "Artist", "-year": "Newest", "-added": "Recently added" };
const TRACK_SORTS = { title: "Title", artist: "Artist", album: "Album", "-year": "Newest", "-added": "Recently added" };

/** A title, and beside it the choice of an order that rewrites the address. */
function heading(title, sorts, query) {
  const change = (event) => {
    query.set("sort", event.target.value);
    location.replace(`${location.hash.split("?")[0]}?${query}`);
  };
  const choices = Object.entries(sorts ?? {}).map(([value, name]) =>
    h("option", { value, selected: value === query.get("sort") }, name));
  return h("div", { class: "heading" }, h("h1", { tabindex: -1, dir: "auto" }, title),
    sorts && h("label", null, "Sort by ", h("select", { change }, choices)));
}

/** Fills `box` page by page as the end comes near; answers the items and the way to more of them. */
async function endless(box, path, query, draw, signal) {
  const items = [];
  let [cursor, loading] = ["", null];
  const load = async (abort) => {
    const parameters = new URLSearchParams({ ...Object.fromEntries(query), limit: PAGE, ...(cursor && { cursor }) });
    const page = await api(`${path}?${parameters}`, { signal: abort });
    box.append(...page.items.map((item, i) => draw(item, items.length + i)));
    items.push(...page.items);
    cursor = page.next_cursor;
    mark();
  };
  const more = async (abort) => {
    if (cursor != null) await (loading ??= load(abort).finally(() => (loading = null)));
  };
  await more(signal);
  const end = h("div", { class: "end" });
  const observer = new IntersectionObserver(async ([entry]) => {
    if (!entry.isIntersecting) return;
    await more().catch((problem) => say(problem.message));
    observer.unobserve(end);
    if (cursor) observer.observe(end);
  }, { rootMargin: "900px" });
  if (cursor) observer.observe(end);
  return { items, more: () => more(), end };
}

function empty(me) {
  const mine = me.role === "administrator";
  return h("p", { class: "empty" },
    `No music yet: ${mine ? "put some into the music folder and press Scan." : "an administrator has to add some first."}`);
}

async function list(box, title, sorts, path, draw, { query, signal, me }) {
  if (sorts && !(query.get("sort") in sorts)) query.set("sort", "title");
  const shown = await endless(box, path, query, draw(() => shown), signal);
  return h("section", null, heading(title, sorts, query), shown.items.length ? [box, shown.end] : empty(me));
}

const card = (kind, item, ...below) => h("li", null,
  h("a", { class: "card", href: `#/${kind}/${encodeURIComponent(item.id)}`, dir: "auto" },
    cover(`${kind}s`, item, 320), h("b", null, item.title ?? item.name)),
  h("small", null, ...below));
const albumCard = (album) => card("album", album, album.year && `${album.year} · `, artistLinks(album.artists));
const artistCard = (artist) => card("artist", artist,
  artist.album_count ? count(artist.album_count, "album") : count(artist.track_count, "track"));
const grid = (...children) => h("ul", { class: "grid" }, ...children);

/** One line of a list of tracks; a click anywhere but on a link plays from here. */
function row(track, position, shown, onAlbum) {
  const start = (event) => event.target.closest("a") || track.missing_since || play(shown().items, position, shown().more);
  const number = onAlbum ? (track.track_number ?? "–") : position + 1;
  const label = track.missing_since ? `${track.title}: its file is missing` : `Play ${track.title}`;
  const differs = String(track.artists.map((each) => each.id)) !== String(track.album_artists.map((each) => each.id));
  const missing = track.missing_since && { class: "missing", title: label };
  return h("li", { "data-track": track.id, click: start, ...missing },
    h("button", { "aria-label": label, disabled: Boolean(track.missing_since) }, h("span", null, number), icon("play")),
    !onAlbum && cover("tracks", track, 128),
    h("div", { class: "title" }, h("b", { dir: "auto" }, track.title), (!onAlbum || differs) && h("small", null, artistLinks(track.artists))),
    !onAlbum && h("div", { class: "of" }, link("album", track.album)),
    h("time", null, time(track.duration_ms)));
}

export const albums = (view) =>
  list(grid(), view.query.get("name") ?? "Albums", ALBUM_SORTS, "/albums", () => albumCard, view);
export const artists = (view) => list(grid(), "Artists", null, "/artists", () => artistCard, view);
export const tracks = (view) => list(h("ol", { class: "tracks" }), "Tracks", TRACK_SORTS, "/tracks",
  (shown) => (track, i) => row(track, i, shown, false), view);
export const genres = (view) => list(h("ul", { class: "genres" }), "Genres", null, "/genres", () => (genre) =>
  h("li", null, h("a", { href: `#/albums?${new URLSearchParams({ genre: genre.id, name: genre.name })}`, dir: "auto" },
    h("b", null, genre.name), h("small", null, `${count(genre.album_count, "album")}, ${count(genre.track_count, "track")}`))), view);

export async function album({ id, signal }) {
  const found = await api(`/albums/${encodeURIComponent(id)}`, { signal });
  const shown = { items: found.tracks, more: null };
  const discs = Map.groupBy(found.tracks, (track) => track.disc_number ?? 1);
  const lists = [...discs].map(([disc, part]) => [
    discs.size > 1 && h("h2", { dir: "auto" }, part[0].disc_title ? `Disc ${disc}: ${part[0].disc_title}` : `Disc ${disc}`),
    h("ol", { class: "tracks" }, part.map((track) => row(track, found.tracks.indexOf(track), () => shown, true))),
  ]);
  const facts = [found.year, ...found.genres, count(found.track_count, "track"), time(found.duration_ms)].filter(Boolean);
  const first = found.tracks.findIndex((track) => !track.missing_since);
  const start = () => play(found.tracks, first, null);
  return h("section", null,
    h("div", { class: "lead" }, cover("albums", found, 640), h("div", null,
      h("h1", { tabindex: -1, dir: "auto" }, found.title), h("p", null, artistLinks(found.artists)),
      h("p", { class: "muted" }, facts.join(" · ")),
      first >= 0 && h("button", { class: "primary", click: start }, icon("play"), "Play"))),
    ...lists.flat());
}

export async function artist({ id, signal }) {
  const found = await api(`/artists/${encodeURIComponent(id)}`, { signal });
  const shelf = (title, items) => items.length > 0 && [h("h2", null, title), grid(items.map(albumCard))];
  return h("section", null,
    h("div", { class: "lead" }, cover("artists", found, 640), h("div", null,
      h("h1", { tabindex: -1, dir: "auto" }, found.name),
      h("p", { class: "muted" }, `${count(found.track_count, "track")} · ${time(found.duration_ms)}`))),
    ...[shelf("Albums", found.albums), shelf("Appears on", found.appears_on)].flat().filter(Boolean));
}
