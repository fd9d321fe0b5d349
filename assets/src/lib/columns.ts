// The columns that a list of tracks may have besides title and length; narrow lists leave them out.
export type Column = "album" | "year" | "added" | "plays" | "rating";

/** What a row begins with: the number within the album, the cover, or its place in the list and the cover. */
export type Lead = "number" | "cover" | "both";
