// Admin, in English.
export const admin = {};
