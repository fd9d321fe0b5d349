// Where one is: addresses to views by the History API. Scroll and focus are kept for each entry of the history.

export interface Route {
  name: string;
  params: Record<string, string>;
  query: URLSearchParams;
  path: string;
}

export interface Pattern {
  name: string;
  /** `/albums/:id`, `/folders/*rest`. */
  path: string;
}

/** The parameters when a path fits a pattern. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split("/").filter(Boolean);
  const have = path.split("/").filter(Boolean);
  const params: Record<string, string> = {};
  for (const [place, part] of want.entries()) {
    if (part.startsWith("*")) {
      params[part.slice(1)] = have.slice(place).map(decode).join("/");
      return params;
    }
    const given = have[place];
    if (given === undefined) return null;
    if (part.startsWith(":")) params[part.slice(1)] = decode(given);
    else if (part !== given) return null;
  }
  return want.length === have.length ? params : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

class Router {
  route = $state.raw<Route>({ name: "", params: {}, query: new URLSearchParams(), path: "/" });
  /** Differs for each entry of the history; views keep their scroll under it. */
  key = $state("");
  #patterns: readonly Pattern[] = [];

  start(patterns: readonly Pattern[]): () => void {
    this.#patterns = patterns;
    if (!history.state?.key) history.replaceState({ key: newKey() }, "");
    const arrive = () => this.#arrive();
    const click = (event: MouseEvent) => this.#click(event);
    window.addEventListener("popstate", arrive);
    document.addEventListener("click", click);
    this.#arrive();
    return () => {
      window.removeEventListener("popstate", arrive);
      document.removeEventListener("click", click);
    };
  }

  go(to: string, { replace = false } = {}): void {
    const url = new URL(to, location.href);
    if (url.href === location.href && !replace) return;
    if (replace) history.replaceState({ key: history.state?.key ?? newKey() }, "", url);
    else history.pushState({ key: newKey() }, "", url);
    this.#arrive();
  }

  back(fallback = "/"): void {
    if (history.length > 1) history.back();
    else this.go(fallback);
  }

  #arrive(): void {
    const path = location.pathname;
    const query = new URLSearchParams(location.search);
    this.key = history.state?.key ?? "";
    for (const pattern of this.#patterns) {
      const params = match(pattern.path, path);
      if (params) {
        this.route = { name: pattern.name, params, query, path };
        return;
      }
    }
    this.route = { name: "lost", params: {}, query, path };
  }

  /** Links inside the page change the view, unless another tab or a download is wanted. */
  #click(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link?.href || link.target || link.hasAttribute("download") || link.rel === "external") return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || /^\/(api|rest|s|assets)(\/|$)/.test(url.pathname)) return;
    if (url.pathname === location.pathname && url.hash) return;
    event.preventDefault();
    this.go(url.href);
  }
}

let keys = 0;
function newKey(): string {
  keys += 1;
  return `${Date.now().toString(36)}-${keys}`;
}

export const router = new Router();

/** The address of something by its kind and id. */
export const to = {
  album: (id: string) => `/albums/${encodeURIComponent(id)}`,
  artist: (id: string) => `/artists/${encodeURIComponent(id)}`,
  genre: (id: string) => `/genres/${encodeURIComponent(id)}`,
  playlist: (id: string) => `/playlists/${encodeURIComponent(id)}`,
  folder: (id: string) => `/folders/${encodeURIComponent(id)}`,
};
