// Listening, in English.
export const listening = {};
