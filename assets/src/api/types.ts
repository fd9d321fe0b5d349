// The server's shapes, by their names in its OpenAPI document. The types are made at build time.
import type { components } from "../../generated/schema";

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
export type Decade = Schemas["Decade"];
export type Genre = Schemas["Genre"];
export type HouseTrack = Schemas["HouseTrack"];
export type Imported = Schemas["Imported"];
export type LibraryDetail = Schemas["LibraryDetail"];
export type Log = Schemas["Log"];
export type LogLine = Schemas["LogLine"];
/** Tracks that go together, of this day. */
export type Mix = Schemas["MixInWords"];
export type Playlist = Schemas["Playlist"];
export type PlaylistDetail = Schemas["PlaylistDetail"];
export type Queue = Schemas["Queue"];
export type Reason = Schemas["ReasonInWords"];
export type Server = Schemas["Server"];
export type ServerFolders = Schemas["ServerFolders"];
export type Statistics = Schemas["Statistics"];
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
