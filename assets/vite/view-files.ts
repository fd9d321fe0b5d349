// Which files the page and its view at an address need, for the server to name them in a `Link` header: the browser
// then asks for them at once, and not only when the page's script knows where it is.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin, Rollup } from "vite";

const ROUTES = fileURLToPath(new URL("../src/routes", import.meta.url));
const ROUTE = /\{ name: "[\w-]+", path: "([^"]+)"(?:.*import\("@\/([^"]+)"\))?/g;

/** The pattern of each address with its view's source below `src`, or none of its own, in the order of the files of `src/routes`. */
function routes(): [string, string][] {
  const sources = readdirSync(ROUTES).sort().map((name) => readFileSync(`${ROUTES}/${name}`, "utf8"));
  return sources.flatMap((source) => {
    const found = [...source.matchAll(ROUTE)].map(([, path = "", view = ""]) => [path, view] as [string, string]);
    const named = source.match(/\bname: "/g)?.length ?? 0;
    if (found.length !== named) throw new Error(`src/routes has ${named} names where ${found.length} routes can be read: each is one line that begins with its name`);
    return found;
  });
}

/** A chunk and all that it imports at once. */
function closure(bundle: Rollup.OutputBundle, chunk: Rollup.OutputChunk, found = new Set<Rollup.OutputChunk>()): Set<Rollup.OutputChunk> {
  if (found.has(chunk)) return found;
  found.add(chunk);
  for (const name of chunk.imports) {
    const imported = bundle[name];
    if (imported?.type === "chunk") closure(bundle, imported, found);
  }
  return found;
}

/** Writes `.views`: a line for each address, its pattern, a tab, and the header's value (RFC 8288). */
export function viewFiles(): Plugin {
  return {
    name: "view-files",
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const entry = chunks.find((chunk) => chunk.isEntry);
      if (!entry) throw new Error("the page has no script");
      const page = closure(bundle, entry);
      const files = (chunks: Iterable<Rollup.OutputChunk>) => {
        const all = [...chunks];
        const scripts = all.map((each) => link(each.fileName, "rel=modulepreload"));
        const styles = all.flatMap((each) => [...(each.viteMetadata?.importedCss ?? [])]).map((name) => link(name, "rel=preload; as=style"));
        return [...styles, ...scripts];
      };
      const link = (name: string, how: string) => `</${name}>; ${how}; crossorigin`;
      const lines = routes().map(([path, view]) => {
        const chunk = view ? chunks.find((each) => each.moduleIds.some((id) => id.endsWith(`/src/${view}`))) : entry;
        if (!chunk) throw new Error(`${view} is no view that can be loaded`);
        const own = [...closure(bundle, chunk)].filter((each) => !page.has(each));
        // The page's own come first: they are needed before all others, and a browser asks for six files at a time.
        return `${path}\t${[...new Set([...files(page), ...files(own)])].join(", ")}\n`;
      });
      if (lines.length === 0) throw new Error("no view was found in src/routes");
      this.emitFile({ type: "asset", fileName: ".views", source: lines.join("") });
    },
  };
}
