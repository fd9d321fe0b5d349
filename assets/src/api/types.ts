// The server's shapes, by their names in its OpenAPI document. The types are made at build time.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Account = Schemas["Account"];
export type Album = Schemas["Album"];
export type AlbumDetail = Schemas["AlbumDetail"];
export type Annotation = Schemas["Annotation"];
export type Artist = Schemas["Artist"];
export type ArtistDetail = Schemas["ArtistDetail"];
export type ArtistRef = Schemas["ArtistRef"];
export type Contributor = Schemas["Contributor"];
export type Cover = Schemas["Cover"];
export type Genre = Schemas["Genre"];
export type Playlist = Schemas["Playlist"];
export type PlaylistDetail = Schemas["PlaylistDetail"];
export type Queue = Schemas["Queue"];
export type Reason = Schemas["ReasonInWords"];
export type Server = Schemas["Server"];
export type Track = Schemas["Track"];
export type ItemKind = Schemas["ItemKind"];
export type Schema<Name extends keyof Schemas> = Schemas[Name];

/** A page of a list; lists that can be jumped into tell `total` and `revision`. */
export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
  total?: number | null;
  revision?: string | number | null;
}

// Until the snapshot has it.
export interface DecadeCount {
  /** The first year of it. */
  decade: number;
  albums: number;
  tracks: number;
}

/** Tracks that go together, of this day; with `tracks` where one mix was asked for. */
export interface Mix {
  id: string;
  theme: MixTheme & { title: string };
  artists: ArtistRef[];
  reason: Reason;
  track_ids: string[];
  tracks?: Track[];
}
export type MixTheme =
  | { kind: "discoveries" | "new_in_library" }
  | { kind: "artist"; artist: string; name: string }
  | { kind: "genre"; genre: string }
  | { kind: "decade"; decade: number };

export interface HouseTrack {
  track: Track;
  /** Plays that counted, of everybody on this server. */
  plays: number;
}

/** A playlist that was made of a file. */
export interface Imported {
  playlist?: Playlist | null;
  found: number;
  not_found: number;
  missing: { position: number; path?: string | null; title?: string | null; artist?: string | null }[];
}
