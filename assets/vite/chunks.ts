// Which modules share a file. A visit over HTTP/1.1 asks for six files at a time, so a few files of what is needed together
// are here sooner than many small ones.

export const groups = [
  // The page itself with home, in one file.
  { name: "page", tags: ["$initial" as const], priority: 3 },
  // What is filled in: the doors are the first that most people see of the player.
  { name: "forms", test: /\/src\/(parts\/(form\/|Door)|lib\/form|i18n\/(en\/)?own)/, minShareCount: 2, priority: 2 },
  // What many other views are made of.
  { name: "parts", test: /\/src\/|@lucide/, minShareCount: 5, priority: 1 },
];
