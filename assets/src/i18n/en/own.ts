// Own, in English.
export const own = {};
