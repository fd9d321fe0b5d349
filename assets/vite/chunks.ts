// Which modules share a file. A visit over HTTP/1.1 asks for six files at a time, so a few files of what is needed together
// are here sooner than many small ones.
import type { Rollup } from "vite";

const HOME = /\/src\/views\/home\//;

/** The part of the bundler's context that is used here. */
interface Context {
  getModuleInfo(id: string): Pick<Rollup.ModuleInfo, "importers"> | null;
}

const known = new Map<string, boolean>();

/** Is it home's, or imported by what home needs at once? */
function isForHome(id: string, context: Context): boolean {
  const answer = known.get(id);
  if (answer !== undefined) return answer;
  // Whoever comes here again on the way went in a circle.
  known.set(id, false);
  const importers = context.getModuleInfo(id)?.importers ?? [];
  const result = HOME.test(id) || importers.some((importer) => isForHome(importer, context));
  known.set(id, result);
  return result;
}

export const groups = [
  // The page itself, in one file.
  { name: "page", tags: ["$initial" as const], priority: 3 },
  // Most visits begin at home: its parts come together, and serve other views too.
  { name: (id: string, context: Context) => (isForHome(id, context) && !HOME.test(id) ? "home-parts" : null), priority: 2 },
  // What many other views are made of.
  { name: "parts", test: /\/src\/|@lucide/, minShareCount: 5, priority: 1 },
];
