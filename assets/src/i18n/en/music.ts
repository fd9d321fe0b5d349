// Rows, cards and what one does with music, in English.
export const music = {};
