// What the administration says, in English.
export const admin = {
};
