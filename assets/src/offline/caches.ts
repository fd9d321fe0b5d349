// The names of what is kept on this device, shared by the page and its service worker.
export const PARTS = "hexachord-parts";
export const PICTURES = "hexachord-pictures";
export const ANSWERS = "hexachord-answers";
export const TRACKS = "hexachord-tracks";

/** Where a saved track stands in its cache. */
export const savedAddress = (id: string) => `/saved/${encodeURIComponent(id)}`;

/** The list of saved tracks, kept beside them. */
export const INDEX = "/saved-index.json";
