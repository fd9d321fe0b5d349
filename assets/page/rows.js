// What lists are made of: their heading, their pages as one scrolls, rows of tracks, cards.

import { api } from "./api.js";
import { artistLinks, count, cover, h, icon, link, say, time } from "./dom.js";
import { heart } from "./hearts.js";
import { mark, play } from "./player.js";
import { dots } from "./sheet.js";

const PAGE = 60;

/** What a search has marked of a name, else the name. */
export const nameOf = (item) => item.shown?.() ?? item.title ?? item.name;

/** A title, and beside it what can be done with the list. */
export const heading = (title, ...beside) =>
  h("div", { class: "heading" }, h("h1", { tabindex: -1, dir: "auto" }, title), ...beside);

export const empty = (text) => h("p", { class: "empty" }, text);

/** The button that plays a list from its first track that is there; none where there is no such track. */
export function playAll(shown, text) {
  const first = shown.items.findIndex((track) => !track.missing_since);
  return first >= 0 && h("button", { class: "primary", click: () => play(shown, first) }, icon("play"), text);
}

/** Asks for one page after the other; `pick` finds the list in an answer. */
export function pages(path, query, pick = (answer) => answer) {
  return async (cursor, signal) => {
    const parameters = new URLSearchParams({ ...Object.fromEntries(query), limit: PAGE, ...(cursor && { cursor }) });
    return pick(await api(`${path}?${parameters}`, { signal }));
  };
}

/** Fills `box` page by page as the end comes near; answers the items and the way to more of them. */
export async function endless(box, next, draw, signal, source) {
  const shown = { items: [], source, more: () => more(), end: h("div", { class: "end" }) };
  let [cursor, loading] = ["", null];
  const load = async (abort) => {
    const page = await next(cursor, abort);
    box.append(...page.items.map((item, i) => draw(item, shown.items.length + i, () => shown)));
    shown.items.push(...page.items);
    cursor = page.next_cursor;
    mark();
  };
  const more = async (abort) => {
    if (cursor != null) await (loading ??= load(abort).finally(() => (loading = null)));
  };
  await more(signal);
  const observer = new IntersectionObserver(async ([entry]) => {
    if (!entry.isIntersecting) return;
    await more().catch((problem) => say(problem.message));
    observer.unobserve(shown.end);
    if (cursor) observer.observe(shown.end);
  }, { rootMargin: "900px" });
  if (cursor) observer.observe(shown.end);
  return shown;
}

const card = (kind, item, ...below) => h("li", null,
  h("a", { class: "card", href: `#/${kind}/${encodeURIComponent(item.id)}`, dir: "auto" },
    cover(`${kind}s`, item, 320), h("b", null, nameOf(item))),
  h("small", null, ...below));
export const albumCard = (album) => card("album", album, album.year && `${album.year} · `, artistLinks(album.artists));
export const artistCard = (artist) => card("artist", artist,
  artist.album_count ? count(artist.album_count, "album")
    : artist.track_count ? count(artist.track_count, "track") : `took part in ${count(artist.contribution_count, "track")}`);
export const grid = (...children) => h("ul", { class: "grid" }, ...children);

/** A line of cards under a title, to be moved sideways; nothing where there are none. */
export const shelf = (title, cards) => (cards.length ? [h("h2", null, title), h("ul", { class: "grid shelf" }, cards)] : []);

/** A list of tracks that is all there. */
export function trackList(items, source, options = () => ({})) {
  const shown = { items, source, more: null };
  return [h("ol", { class: "tracks" }, items.map((track, i) => row(track, i, () => shown, options(i)))), shown];
}

/** One line of a list of tracks; a click anywhere but on a link plays from here. `note` stands instead of the album. */
export function row(track, position, shown, { onAlbum, note, also } = {}) {
  const start = (event) => event.target.closest("a, .does") || track.missing_since || play(shown(), position);
  const number = onAlbum ? (track.track_number ?? "–") : position + 1;
  const label = track.missing_since ? `${track.title}: its file is missing` : `Play ${track.title}`;
  const differs = String(track.artists.map((each) => each.id)) !== String(track.album_artists.map((each) => each.id));
  const of = note ? h("div", { class: "of note", dir: "auto" }, note) : !onAlbum && h("div", { class: "of" }, link("album", track.album));
  return h("li", { "data-track": track.id, click: start, class: track.missing_since && "missing", title: track.missing_since && label },
    h("button", { class: "start", "aria-label": label, disabled: Boolean(track.missing_since) }, h("span", null, number), icon("play")),
    !onAlbum && cover("tracks", track, 128),
    h("div", { class: "what" },
      h("div", { class: "title" }, h("b", { dir: "auto" }, nameOf(track)), (!onAlbum || differs) && h("small", null, artistLinks(track.artists))),
      of),
    h("div", { class: "does" }, heart(track), dots(track.title, [track], also)),
    h("time", null, time(track.duration_ms)));
}
