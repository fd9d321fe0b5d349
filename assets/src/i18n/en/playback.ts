// Playback, in English.
export const playback = {};
