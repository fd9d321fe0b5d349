// What menus offer for tracks, albums, artists, genres and playlists.
import ArrowDown from "@lucide/svelte/icons/arrow-down";
import ArrowUp from "@lucide/svelte/icons/arrow-up";
import Disc from "@lucide/svelte/icons/disc-3";
import Download from "@lucide/svelte/icons/download";
import HardDriveDownload from "@lucide/svelte/icons/hard-drive-download";
import Heart from "@lucide/svelte/icons/heart";
import ListEnd from "@lucide/svelte/icons/list-end";
import ListPlus from "@lucide/svelte/icons/list-plus";
import ListStart from "@lucide/svelte/icons/list-start";
import ListX from "@lucide/svelte/icons/list-x";
import Mic from "@lucide/svelte/icons/mic-vocal";
import Play from "@lucide/svelte/icons/play";
import Radio from "@lucide/svelte/icons/radio";
import Share from "@lucide/svelte/icons/share-2";
import Shuffle from "@lucide/svelte/icons/shuffle";
import Star from "@lucide/svelte/icons/star";
import type { Album, Artist, ArtistRef, Genre, Playlist, Track } from "@/api/types";
import { t } from "@/i18n/index.svelte";
import type { Action } from "@/parts/Menu.svelte";
import { saved } from "@/offline/saved.svelte";
import { marks } from "@/stores/marks.svelte";
import { player } from "@/stores/player.svelte";
import { addToPlaylist, attempt, download, favourAll, playAll, playAllNext, queueAll, rateAll, share, startRadio } from "./deeds";
import { type Gathered, tracksOf } from "./gather";
import { to } from "./router.svelte";

/** Tracks that something is done with; of many, some may not be read yet. */
export interface Tracks {
  known: readonly Track[];
  count: number;
  all: () => Promise<readonly Track[]>;
  source: string;
}

/** What can be done with tracks. */
export function trackActions({ known, count, all, source }: Tracks, { play }: { play?: () => void } = {}): Action[] {
  const [first] = known;
  if (!first) return [];
  const single = count === 1;
  const loved = known.every((track) => marks.of(track.id).favourite);
  const gone = single && Boolean(first.missing_since);
  return [
    ...(play && single ? [{ label: t("music.play"), icon: Play, run: play, disabled: gone, shortcut: "↵" }] : []),
    { label: t("music.next"), icon: ListStart, run: () => attempt(async () => player.playNext(await all(), source)), disabled: gone, shortcut: "⇧↵" },
    { label: t("music.queue"), icon: ListEnd, run: () => attempt(async () => player.addToQueue(await all(), source)), disabled: gone, shortcut: t("music.key.queue") },
    ...(single ? [{ label: t("music.radio"), icon: Radio, run: () => startRadio(first.id, gone ? [] : [first]) }] : []),
    { label: t("music.playlist.add"), icon: ListPlus, run: () => addToPlaylist(all, count), separated: true },
    { label: t(loved ? "music.unlove" : "music.love"), icon: Heart, run: () => attempt(async () => favourAll(await all(), !loved)) },
    ratingAction(single ? marks.of(first.id).rating : -1, (rating) => attempt(async () => rateAll(await all(), rating))),
    ...(single ? goingTo(first) : []),
    { label: t("music.share"), icon: Share, run: async () => share({ items: (await all()).map((track) => track.id), name: first.title }), separated: true },
    ...(single ? [{ label: t("music.download"), icon: Download, run: () => download(first), disabled: gone }] : []),
    ...(known.every((track) => saved.has(track.id)) && known.length === count
      ? [{ label: t("offline.remove"), icon: HardDriveDownload, checked: true, run: () => saved.remove(known.map((track) => track.id)) }]
      : saving(all)),
  ];
}

/** Saving on this device, where the browser allows it. */
const saving = (tracks: () => Promise<readonly Track[]>): Action[] =>
  saved.isPossible ? [{ label: t("offline.save"), icon: HardDriveDownload, run: () => attempt(async () => saved.add(await tracks())) }] : [];

function goingTo(track: Track): Action[] {
  return [{ label: t("music.go.album"), icon: Disc, href: to.album(track.album.id), separated: true }, ...artistLinks(track.artists)];
}

function artistLinks(artists: readonly ArtistRef[]): Action[] {
  const [only] = artists;
  if (!only) return [];
  if (artists.length === 1) return [{ label: t("music.go.artist"), icon: Mic, href: to.artist(only.id) }];
  const each = artists.map(({ id, name }) => ({ label: name, href: to.artist(id) }));
  return [{ label: t("music.go.artist"), icon: Mic, actions: each }];
}

function ratingAction(now: number, rate: (rating: number) => void): Action {
  const label = (rating: number) => (rating ? t("rating.stars", { n: rating }) : t("rating.none"));
  const actions = [5, 4, 3, 2, 1, 0].map((rating) => ({ label: label(rating), checked: rating === now, run: () => rate(rating) }));
  return { label: t("rating"), icon: Star, actions };
}

/** What can be done with all of something. */
function gatheredActions(item: Gathered): Action[] {
  return [
    { label: t("music.play"), icon: Play, run: () => playAll(item) },
    { label: t("music.shuffle"), icon: Shuffle, run: () => playAll(item, { shuffle: true }) },
    { label: t("music.next"), icon: ListStart, run: () => playAllNext(item) },
    { label: t("music.queue"), icon: ListEnd, run: () => queueAll(item) },
    { label: t("music.radio"), icon: Radio, run: () => startRadio(item.id) },
    { label: t("music.playlist.add"), icon: ListPlus, run: () => addToPlaylist(() => tracksOf(item), null), separated: true },
  ];
}

function markActions(id: string): Action[] {
  const { favourite, rating } = marks.of(id);
  return [
    { label: t(favourite ? "music.unlove" : "music.love"), icon: Heart, run: () => marks.favour(id) },
    ratingAction(rating, (stars) => void marks.rate(id, stars)),
  ];
}

export const albumActions = (album: Album): Action[] => [
  ...gatheredActions({ kind: "album", id: album.id }),
  ...markActions(album.id),
  ...artistLinks(album.artists).map((action) => ({ ...action, separated: true })),
  { label: t("music.share"), icon: Share, run: () => share({ items: [album.id], name: album.title }) },
  ...saving(() => tracksOf({ kind: "album", id: album.id })),
];

export const artistActions = (artist: Pick<Artist, "id" | "name">): Action[] => [
  ...gatheredActions({ kind: "artist", id: artist.id }),
  ...markActions(artist.id),
  { label: t("music.share"), icon: Share, run: () => share({ items: [artist.id], name: artist.name }), separated: true },
];

export const genreActions = (genre: Pick<Genre, "id">): Action[] => gatheredActions({ kind: "genre", id: genre.id });

export const playlistActions = (playlist: Playlist): Action[] => [
  ...gatheredActions({ kind: "playlist", id: playlist.id }),
  { label: t("music.share"), icon: Share, run: () => share({ playlists: [playlist.id], name: playlist.name }), separated: true },
  ...saving(() => tracksOf({ kind: "playlist", id: playlist.id })),
];

/** For lists with an order of their own: what dragging does, for the keyboard. */
export const moveActions = (step: (by: -1 | 1) => void, up: boolean, down: boolean): Action[] => [
  { label: t("music.move.up"), icon: ArrowUp, run: () => step(-1), disabled: !up, shortcut: "Alt ↑", separated: true },
  { label: t("music.move.down"), icon: ArrowDown, run: () => step(1), disabled: !down, shortcut: "Alt ↓" },
];

export const removeAction = (run: () => void): Action => ({ label: t("music.remove"), icon: ListX, run, danger: true, separated: true, shortcut: t("music.key.delete") });
