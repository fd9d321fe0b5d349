// What kind of release an album is, who took part in it, and what its files are.
import type { Album, Contributor, Track } from "@/api/types";
import type { Key } from "@/i18n/index.svelte";

export const RELEASES = ["album", "ep", "single", "live", "compilation", "other"] as const;
export type Release = (typeof RELEASES)[number];

const SECONDARY: Record<string, Release> = { live: "live", compilation: "compilation", "dj-mix": "compilation", mixtape: "compilation", broadcast: "other", demo: "other", other: "other", ep: "ep", single: "single" };

/** By its tags; what says nothing is an album. The more particular word counts: “album; live” is live. */
export function releaseOf(album: Pick<Album, "release_types" | "compilation">): Release {
  const words = album.release_types.flatMap((type) => type.toLowerCase().split(/[;,/]/)).map((word) => word.trim());
  for (const release of ["live", "compilation", "ep", "single", "other"] as const) {
    if (words.some((word) => SECONDARY[word] === release)) return release;
  }
  return words.length === 0 && album.compilation ? "compilation" : "album";
}

export const RELEASE_NAMES: Record<Release, Key> = {
  album: "music.release.album", ep: "music.release.ep", single: "music.release.single", live: "music.release.live", compilation: "music.release.compilation", other: "music.release.other",
};
export const RELEASE_GROUPS: Record<Release, Key> = {
  album: "music.releases.album", ep: "music.releases.ep", single: "music.releases.single", live: "music.releases.live", compilation: "music.releases.compilation", other: "music.releases.other",
};

/** An artist's albums by kind, each kind with the newest first. */
export function byRelease(albums: readonly Album[]): { release: Release; albums: Album[] }[] {
  const newest = [...albums].sort((a, b) => (b.year ?? 0) - (a.year ?? 0));
  return RELEASES.map((release) => ({ release, albums: newest.filter((album) => releaseOf(album) === release) })).filter((group) => group.albums.length > 0);
}

export interface Credit {
  role: Contributor["role"];
  artists: { id: string; name: string; instruments: string[]; tracks: number }[];
}

/** Who did what on these tracks: by role, who did most first. */
export function creditsOf(tracks: readonly Track[]): Credit[] {
  const roles = new Map<Contributor["role"], Map<string, Credit["artists"][number]>>();
  for (const track of tracks) {
    const counted = new Set<string>();
    for (const { role, artist, instrument } of track.contributors) {
      const people = roles.get(role) ?? new Map<string, Credit["artists"][number]>();
      const one = people.get(artist.id) ?? { ...artist, instruments: [], tracks: 0 };
      if (instrument && !one.instruments.includes(instrument)) one.instruments.push(instrument);
      if (!counted.has(role + artist.id)) one.tracks += 1;
      counted.add(role + artist.id);
      people.set(artist.id, one);
      roles.set(role, people);
    }
  }
  return [...roles].map(([role, people]) => ({ role, artists: [...people.values()].sort((a, b) => b.tracks - a.tracks) }));
}

/** “FLAC · 16 bit · 44.1 kHz” by numbers: the codecs with the best of each; several codecs stand side by side. */
export function formatsOf(tracks: readonly Track[]): { codec: string; bits: number | null; rate: number; kbps: number }[] {
  const best = new Map<string, { codec: string; bits: number | null; rate: number; kbps: number }>();
  for (const { codec, bit_depth, sample_rate, bitrate_kbps } of tracks) {
    const one = best.get(codec) ?? { codec, bits: null, rate: 0, kbps: 0 };
    best.set(codec, { codec, bits: Math.max(one.bits ?? 0, bit_depth ?? 0) || null, rate: Math.max(one.rate, sample_rate), kbps: Math.max(one.kbps, bitrate_kbps) });
  }
  return [...best.values()];
}

/** The tracks disc by disc, each with its place in the whole. */
export function discsOf(tracks: readonly Track[]): { disc: number; title: string | null; from: number; tracks: Track[] }[] {
  const discs: { disc: number; title: string | null; from: number; tracks: Track[] }[] = [];
  for (const [place, track] of tracks.entries()) {
    const disc = track.disc_number ?? 1;
    const last = discs.at(-1);
    if (last?.disc === disc) last.tracks.push(track);
    else discs.push({ disc, title: track.disc_title ?? null, from: place, tracks: [track] });
  }
  return discs;
}
